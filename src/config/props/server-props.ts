import { Duration, Size } from 'aws-cdk-lib';
import { ILambdaDeploymentConfig, LambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { serverAuth } from './auth';
import type { Crate } from './crates';
import { domain } from './domain';
import { policyStatements } from './iam';
import { monitoring } from './monitoring';
import { network } from './network';
import { secrets } from './secrets';
import { McpCorsOptions } from '../../endpoint/cors-options';
import { McpGradualDeploymentOptions } from '../../function/mcp-versions';
import { McpRustLambdaProps } from '../../mcp-rust-lambda-props';
import type { Deployment } from '../load/deploy-file';

export { cratesOf } from './crates';
export { buildWidgets } from '../widgets/widgets';

/** Properties of a server's construct, from a deploy.toml. */
export function serverProps(scope: Construct, deployment: Deployment, crate: Crate, secretPrefix: string): McpRustLambdaProps {
  const { server, observability, api_gateway: gateway } = deployment;
  return {
    ...crate,
    description: server.description,
    architecture: server.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    memorySize: server.memory_mb,
    timeout: Duration.seconds(server.timeout_seconds),
    ephemeralStorageSize: server.ephemeral_storage_mb === undefined ? undefined : Size.mebibytes(server.ephemeral_storage_mb),
    reservedConcurrentExecutions: server.reserved_concurrency,
    provisionedConcurrentExecutions: server.provisioned_concurrency,
    gradualDeployment: gradualDeployment(deployment),
    environment: environment(deployment),
    path: server.mcp_path,
    auth: serverAuth(scope, deployment),
    initialPolicy: policyStatements(scope, deployment.iam),
    ...network(scope, deployment),
    domain: domain(scope, deployment),
    throttling: { rateLimit: gateway.rate_limit, burstLimit: gateway.burst_limit },
    cors: cors(deployment),
    tracing: observability.enable_xray ? Tracing.ACTIVE : Tracing.DISABLED,
    // The enumeration's values are the numbers of days.
    logGroupRetention: observability.log_retention_days as RetentionDays,
    monitoring: monitoring(scope, deployment),
    secrets: secrets(scope, deployment, secretPrefix),
  };
}

const STRATEGIES: Readonly<Record<Exclude<Deployment['deployment']['strategy'], 'all-at-once'>, ILambdaDeploymentConfig>> = {
  canary10percent5minutes: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  canary10percent10minutes: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
  canary10percent15minutes: LambdaDeploymentConfig.CANARY_10PERCENT_15MINUTES,
  canary10percent30minutes: LambdaDeploymentConfig.CANARY_10PERCENT_30MINUTES,
  linear10percentevery1minute: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
  linear10percentevery2minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_2MINUTES,
  linear10percentevery3minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
  linear10percentevery10minutes: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_10MINUTES,
};

function gradualDeployment({ deployment: { strategy } }: Deployment): McpGradualDeploymentOptions | undefined {
  return strategy === 'all-at-once' ? undefined : { deploymentConfig: STRATEGIES[strategy] };
}

function environment({ server, environment: variables }: Deployment): Record<string, string> {
  return server.log_level === undefined ? variables : { RUST_LOG: server.log_level, ...variables };
}

function cors({ cors: options }: Deployment): McpCorsOptions | undefined {
  return options && {
    allowOrigins: options.allow_origins,
    additionalAllowHeaders: options.allow_headers,
    additionalExposeHeaders: options.expose_headers,
    allowCredentials: options.allow_credentials,
    maxAge: Duration.seconds(options.max_age_seconds),
  };
}
