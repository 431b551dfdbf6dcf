import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { explainAwsError } from './errors';
import { CONNECTION_TIMEOUT_MS, MAX_ATTEMPTS, REQUEST_TIMEOUT_MS } from './retry';
import type { AwsTarget } from './target';

/*
 * The AWS clients. Each is loaded on first use, because loading all of them would dominate the start-up time. Import only types of the SDK
 * above.
 */

export type { AwsTarget, LocalEndpoint } from './target';

/** The settings that all clients share. */
function clientConfig({ region, local }: AwsTarget) {
  // package.json states the versions of Node.js that this package supports.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    // Without timeouts, a call would wait forever on a dead connection. With them, it is tried again.
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
    // A local AWS reads the account from the access key. It never gets the user's own credentials.
    ...local && { endpoint: local.endpoint, credentials: { accessKeyId: local.account, secretAccessKey: local.secret } },
  };
}

export async function cloudFormation(target: AwsTarget): Promise<CloudFormationClient> {
  const sdk = await import('./sdk/cloudformation');
  return new sdk.CloudFormationClient(clientConfig(target));
}

export async function cloudWatch(target: AwsTarget): Promise<CloudWatchClient> {
  const sdk = await import('./sdk/cloudwatch');
  return new sdk.CloudWatchClient(clientConfig(target));
}

export async function cloudWatchLogs(target: AwsTarget): Promise<CloudWatchLogsClient> {
  const sdk = await import('./sdk/cloudwatch-logs');
  return new sdk.CloudWatchLogsClient(clientConfig(target));
}

export async function cognito(target: AwsTarget): Promise<CognitoIdentityProviderClient> {
  const sdk = await import('./sdk/cognito');
  return new sdk.CognitoIdentityProviderClient(clientConfig(target));
}

export async function lambda(target: AwsTarget): Promise<LambdaClient> {
  const sdk = await import('./sdk/lambda');
  return new sdk.LambdaClient(clientConfig(target));
}

export async function secretsManager(target: AwsTarget): Promise<SecretsManagerClient> {
  const sdk = await import('./sdk/secrets-manager');
  return new sdk.SecretsManagerClient(clientConfig(target));
}

export async function ssm(target: AwsTarget): Promise<SSMClient> {
  const sdk = await import('./sdk/ssm');
  return new sdk.SSMClient(clientConfig(target));
}

export async function sts(target: AwsTarget): Promise<STSClient> {
  const sdk = await import('./sdk/sts');
  return new sdk.STSClient(clientConfig(target));
}

/**
 * Run AWS calls, and explain their errors.
 *
 * @param doing the calls, as in "reading the stack"
 * @throws CliError with exit code 2, or 1 if the credentials are missing, expired or refused
 */
export async function aws<T>(target: AwsTarget, doing: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw explainAwsError(error, doing, target);
  }
}
