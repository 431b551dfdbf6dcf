import { join } from 'node:path';
import { Duration, Size } from 'aws-cdk-lib';
import { Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { McpCorsOptions, McpRustLambdaProps } from '../mcp-rust-lambda-props';
import { BundlingOptions, RustCompiler } from '../rust';
import { serverAuth } from './auth';
import type { Deployment } from './deploy-file';
import { policyStatements } from './iam';
import { monitoring } from './monitoring';
import { network } from './network';

/** What a deploy.toml says about a server, as properties of its construct. */
export function serverProps(scope: Construct, deployment: Deployment, root: string): McpRustLambdaProps {
  const { server, build, observability, api_gateway: gateway } = deployment;
  return {
    manifestPath: join(root, build.manifest_path),
    binaryName: build.binary,
    bundling: bundling(deployment, root),
    description: server.description,
    architecture: server.architecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
    memorySize: server.memory_mb,
    timeout: Duration.seconds(server.timeout_seconds),
    ephemeralStorageSize: server.ephemeral_storage_mb === undefined ? undefined : Size.mebibytes(server.ephemeral_storage_mb),
    reservedConcurrentExecutions: server.reserved_concurrency,
    environment: environment(deployment),
    path: server.mcp_path,
    auth: serverAuth(scope, deployment),
    initialPolicy: policyStatements(scope, deployment.iam),
    ...network(scope, deployment),
    throttling: { rateLimit: gateway.rate_limit, burstLimit: gateway.burst_limit },
    cors: cors(deployment),
    tracing: observability.enable_xray ? Tracing.ACTIVE : Tracing.DISABLED,
    // The enumeration's values are the numbers of days.
    logGroupRetention: observability.log_retention_days as RetentionDays,
    monitoring: monitoring(scope, deployment),
  };
}

const COMPILERS: Readonly<Record<Deployment['build']['compiler'], RustCompiler>> = {
  'cargo-zigbuild': RustCompiler.ZIG,
  'cargo': RustCompiler.CARGO,
  'cross': RustCompiler.CROSS,
};

function bundling({ build, assets }: Deployment, root: string): BundlingOptions {
  return {
    packageName: build.package,
    features: build.features,
    noDefaultFeatures: build.no_default_features,
    profile: build.profile,
    locked: build.locked,
    compiler: COMPILERS[build.compiler],
    cargoLambdaFlags: build.flags,
    environment: build.environment,
    assets: assets.include.length === 0 ? undefined : {
      include: assets.include,
      exclude: assets.exclude,
      baseDir: join(root, assets.base_dir ?? '.'),
    },
  };
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
