import { REQUEST_TIMEOUT_MS } from './retry';
import type { AwsTarget } from './target';
import { CliError, ExitCode } from '../util/errors';

// @smithy/core/retry classifies errors too. It does not separate connection errors from others, and is slow to load.
const CONNECTION_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ENOTFOUND',
]);

const EXPIRED_CREDENTIALS = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'SSOTokenProviderFailure']);

const REFUSED_CREDENTIALS = new Set([
  'InvalidClientTokenId', 'UnrecognizedClientException', 'SignatureDoesNotMatch', 'InvalidAccessKeyId', 'IncompleteSignature',
  'AuthFailure',
]);

/** The properties of an error of an AWS call that are used here. */
interface AwsErrorLike {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly cause?: { readonly code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function isConnectionError({ code = '', cause }: AwsErrorLike): boolean {
  return CONNECTION_CODES.has(code) || CONNECTION_CODES.has(cause?.code ?? '');
}

function isThrottled({ name = '', $metadata }: AwsErrorLike): boolean {
  return $metadata?.httpStatusCode === 429 || /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException)/.test(name);
}

/** The HTTP status, if AWS failed to process the call. */
function serverFailure({ $metadata }: AwsErrorLike): number | undefined {
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 500 ? status : undefined;
}

/** Whether a failed AWS call may succeed a moment later: AWS is busy or the connection is bad, but the call is valid. */
export function isTransient(error: unknown): boolean {
  const awsError = error as AwsErrorLike;
  return serverFailure(awsError) !== undefined || isThrottled(awsError) || isConnectionError(awsError)
    || /^(TimeoutError|AbortError|SessionStreamingException)/.test(awsError.name ?? '');
}

/** Why a call failed, in a few words. */
export function reasonOf(error: unknown): string {
  const { name = '', message } = error as AwsErrorLike;
  const status = serverFailure(error as AwsErrorLike);
  // A gateway in front of AWS may answer HTML, which the SDK reports as a syntax error of several lines.
  return status !== undefined ? `HTTP ${status}` : (message || name).split('\n')[0];
}

/** Where credentials were looked for, in the order of the SDK. Names only, never values. */
function credentialSources(env: NodeJS.ProcessEnv = process.env): string {
  const has = (name: string) => (env[name] ? `${name} is set` : `${name} is not set`);
  const files = `${env.AWS_CONFIG_FILE || '~/.aws/config'} and ${env.AWS_SHARED_CREDENTIALS_FILE || '~/.aws/credentials'}`;
  return [
    `environment (${has('AWS_ACCESS_KEY_ID')})`,
    `profile ${JSON.stringify(env.AWS_PROFILE || 'default')} of ${files}`,
    'IAM Identity Center (SSO), web identity, container and instance roles',
  ].join('; ');
}

/** Replaces the message of the SDK, which names parts of the SDK. */
const TIMEOUT_MESSAGE = `no answer within ${REQUEST_TIMEOUT_MS / 1000} s in any attempt`;

const HOW_TO_SIGN_IN = 'sign in with "aws sso login" (or "aws configure"), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and'
  + ' AWS_SECRET_ACCESS_KEY; to try without an account: npx pmcp-deploy local';

/**
 * Turn an error of an AWS call into one that tells the user what to do. Other errors are returned unchanged.
 *
 * @param doing the call, as in "reading the stack"
 */
export function explainAwsError(error: unknown, doing: string, target: AwsTarget): unknown {
  if (error instanceof CliError) return error;
  const awsError = error as AwsErrorLike;
  const { name = '', message = '', $metadata } = awsError;
  const awsFailure = (text: string, hint?: string) => new CliError(text, { exitCode: ExitCode.AWS_FAILURE, hint, cause: error });
  if (isConnectionError(awsError) || name === 'TimeoutError') {
    const where = target.local ? `the local AWS at ${target.local.endpoint}` : `AWS in ${target.region}`;
    const reason = /requestTimeout/.test(message) ? TIMEOUT_MESSAGE : message || awsError.code || awsError.cause?.code;
    return awsFailure(
      `cannot reach ${where} while ${doing}: ${reason}`,
      target.local ? 'start it with: npx pmcp-deploy local' : 'check the network, the proxy, and the region in .pmcp/deploy.toml',
    );
  }
  const credentialsError = explainCredentials(error, name, message);
  if (credentialsError) return credentialsError;
  const status = serverFailure(awsError);
  if (status !== undefined) {
    return awsFailure(
      `AWS failed with HTTP ${status} in every attempt while ${doing}`,
      'try again later; https://health.aws.amazon.com has the status of AWS',
    );
  }
  if (isThrottled(awsError)) {
    return awsFailure(
      `AWS throttled every attempt while ${doing}: ${message || name} (${name})`,
      'try again in a minute; other programs may be using up the quota of the account',
    );
  }
  return $metadata ? awsFailure(`AWS refused the call while ${doing}: ${message || name} (${name})`) : error;
}

function explainCredentials(error: unknown, name: string, message: string): CliError | undefined {
  const explain = (text: string) => new CliError(text, { hint: HOW_TO_SIGN_IN, cause: error });
  if (name === 'CredentialsProviderError' && !/expired/i.test(message)) {
    return explain(`no AWS credentials found; tried ${credentialSources()}`);
  }
  if (EXPIRED_CREDENTIALS.has(name) || name === 'CredentialsProviderError') {
    return explain(`the AWS credentials have expired; they came from one of: ${credentialSources()}`);
  }
  if (REFUSED_CREDENTIALS.has(name)) {
    return explain(`AWS does not accept the credentials (${name}); they came from one of: ${credentialSources()}`);
  }
  return undefined;
}
