import { CliError, ExitCode } from '../util/errors';
import { secureUrl } from '../util/secure-url';
import { quoted } from '../util/untrusted-text';

const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * Send a request that has a code or a token: to secure addresses only, without following redirects.
 *
 * @throws CliError for an address that is not secure, and for a redirect
 */
export const secureFetch: Fetch = async (address, init = {}) => {
  const url = secureUrl(String(address), 'the address of a request');
  const response = await fetch(url, { ...init, redirect: 'manual', signal: init.signal ?? AbortSignal.timeout(TIMEOUT_MS) });
  const target = redirectTarget(response);
  if (target === undefined) return response;
  await response.body?.cancel();
  throw new CliError(`${url} redirects to ${quoted(target)}; nothing was sent there`, { exitCode: ExitCode.AWS_FAILURE });
};

/** Read a document. Redirects are followed within its origin. */
export async function getSecurely(address: string): Promise<Response> {
  let url = secureUrl(address, 'the address of a document');
  for (let redirects = 0; ; redirects++) {
    const headers = { accept: 'application/json' };
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), headers });
    const target = redirectTarget(response);
    const next = target === undefined || !URL.canParse(target, url) ? undefined : new URL(target, url);
    if (next?.origin !== new URL(url).origin || redirects === MAX_REDIRECTS) return response;
    await response.body?.cancel();
    url = secureUrl(next.href, 'the address of a document');
  }
}

function redirectTarget({ status, headers }: Response): string | undefined {
  return status >= 300 && status < 400 && status !== 304 ? headers.get('location') ?? '' : undefined;
}
