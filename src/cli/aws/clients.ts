import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';
import { isThrottled } from './errors';
import { CONNECTION_TIMEOUT_MS, MAX_ATTEMPTS, REQUEST_TIMEOUT_MS } from './retry';
import { CliError, ExitCode } from '../util/errors';

/*
 * The AWS clients. Each is loaded on first use: most of a command's start-up time would be theirs. Types only above.
 */

/** A local AWS, as clients see it. */
export interface LocalEndpoint {
  /** Its URL, without a slash at the end. */
  readonly endpoint: string;

  /** The account that it plays. */
  readonly account: string;

  /** The secret access key of its present start. */
  readonly secret: string;
}

/** Where clients are to talk to. */
export interface AwsTarget {
  readonly region: string;

  /** @default - the real AWS, with the user's credentials */
  readonly local?: LocalEndpoint;
}

/** The settings that all clients share. */
export function clientConfig({ region, local }: AwsTarget) {
  // The tools of this package say themselves which Node.js they need.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    // A connection that has gone dead is given up, and the call tried again; without this, it would be waited for without end.
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
    // A local AWS takes the access key for the account; the user's own credentials never get there.
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

const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'SSOTokenProviderFailure']);
const REFUSED = new Set(['InvalidClientTokenId', 'UnrecognizedClientException', 'SignatureDoesNotMatch', 'InvalidAccessKeyId', 'IncompleteSignature', 'AuthFailure']);
const NO_NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE']);

/** An error of an AWS call, as far as it is looked at. */
interface AwsErrorLike {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

/** Where credentials were looked for, in the order of the SDK. Names only, never values. */
export function credentialSources(env: NodeJS.ProcessEnv = process.env): string {
  const has = (name: string) => (env[name] ? `${name} is set` : `${name} is not set`);
  return [
    `environment (${has('AWS_ACCESS_KEY_ID')})`,
    `profile ${JSON.stringify(env.AWS_PROFILE || 'default')} of ${env.AWS_CONFIG_FILE || '~/.aws/config'} and ${env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'}`,
    'IAM Identity Center (SSO), web identity, container and instance roles',
  ].join('; ');
}

/** The SDK says it in words of its own parts. */
const SILENCE = `no answer within ${REQUEST_TIMEOUT_MS / 1000} s, at every try`;

const HOW_TO_SIGN_IN = 'sign in with "aws sso login" (or "aws configure"), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; '
  + 'to try without an account: npx pmcp-deploy local';

/** What the user is to be told about an error of an AWS call. Errors of other kinds are passed on as they are. */
export function explainAwsError(error: unknown, doing: string, target: AwsTarget): unknown {
  if (error instanceof CliError) return error;
  const { name = '', message = '', code = '', $metadata } = error as AwsErrorLike;
  const errorCode = code || (error as { cause?: AwsErrorLike }).cause?.code || '';
  if (NO_NETWORK.has(errorCode) || name === 'TimeoutError') {
    const where = target.local ? `the local AWS at ${target.local.endpoint}` : `AWS in ${target.region}`;
    return new CliError(`cannot reach ${where} while ${doing}: ${/requestTimeout/.test(message) ? SILENCE : message || errorCode}`, {
      exitCode: ExitCode.AWS_FAILURE,
      hint: target.local ? 'start it with: npx pmcp-deploy local' : 'check the network, the proxy, and the region in .pmcp/deploy.toml',
      cause: error,
    });
  }
  if (name === 'CredentialsProviderError' && !/expired/i.test(message)) {
    return new CliError(`no AWS credentials found; tried ${credentialSources()}`, { hint: HOW_TO_SIGN_IN, cause: error });
  }
  if (EXPIRED.has(name) || name === 'CredentialsProviderError') {
    return new CliError(`the AWS credentials have expired; they came from one of: ${credentialSources()}`, { hint: HOW_TO_SIGN_IN, cause: error });
  }
  if (REFUSED.has(name)) {
    return new CliError(`AWS does not accept the credentials (${name}); they came from one of: ${credentialSources()}`, { hint: HOW_TO_SIGN_IN, cause: error });
  }
  const status = $metadata?.httpStatusCode ?? 0;
  if (status >= 500) {
    return new CliError(`AWS had a failure of its own while ${doing} (HTTP ${status}), at every try`, {
      exitCode: ExitCode.AWS_FAILURE,
      hint: 'try again later; https://health.aws.amazon.com tells of disturbances',
      cause: error,
    });
  }
  if (isThrottled(error)) {
    return new CliError(`AWS throttled ${doing}, at every try: ${message || name} (${name})`, {
      exitCode: ExitCode.AWS_FAILURE,
      hint: 'try again in a minute; other programs may be using up what the account is allowed',
      cause: error,
    });
  }
  if ($metadata) {
    return new CliError(`AWS refused ${doing}: ${message || name} (${name})`, { exitCode: ExitCode.AWS_FAILURE, cause: error });
  }
  return error;
}

/**
 * Runs AWS calls, and explains their errors.
 *
 * @param doing what goes on, as in "while reading the stack"
 * @throws CliError with exit code 2, or 1 where the credentials are to blame
 */
export async function aws<T>(target: AwsTarget, doing: string, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw explainAwsError(error, doing, target);
  }
}
