const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ENOTFOUND']);

/** What is looked at of an error of an AWS call. */
interface AwsErrorLike {
  readonly name?: string;
  readonly code?: string;
  readonly cause?: { readonly code?: string };
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Whether AWS answered that there were too many calls. */
export function isThrottled(error: unknown): boolean {
  const { name = '', $metadata } = error as AwsErrorLike;
  return $metadata?.httpStatusCode === 429 || /^(Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException)/.test(name);
}

/** Whether a failed AWS call may succeed a moment later: AWS is busy or the connection bad, but nothing is wrong with the call. */
export function isTransient(error: unknown): boolean {
  const { name = '', code = '', cause, $metadata } = error as AwsErrorLike;
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 500 || isThrottled(error) || /^(TimeoutError|AbortError|SessionStreamingException)/.test(name)
    || CONNECTION_CODES.has(code) || CONNECTION_CODES.has(cause?.code ?? '');
}

/** Why a call failed, in a few words. An answer of a gateway before AWS is not even in AWS's format. */
export function reasonOf(error: unknown): string {
  const { name = '', $metadata } = error as AwsErrorLike;
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 500 ? `HTTP ${status}` : ((error as Error).message || name).split('\n')[0];
}
