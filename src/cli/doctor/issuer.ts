import { type Diagnosis, ok, problem, warning } from './check';

const TIMEOUT_MS = 5000;

/** API Gateway's limit for a key set: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BYTES = 150_000;

const JWT_AUTHORIZER = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html';

/** An issuer that API Gateway cannot use. The message is for the user. */
class UnusableIssuer extends Error {}

/** Check that API Gateway can validate the tokens of an issuer. It finds the keys by discovery, and supports RSA signatures only. */
export async function diagnoseIssuer(issuer: string): Promise<Diagnosis> {
  try {
    const at = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer: named, jwks_uri: keysAt } = await readJsonObject(at);
    if (named !== issuer) {
      const hint = 'auth.oidc.issuer must be exactly the issuer that the provider names, with or without "/" at the end';
      return problem(`${at} is for the issuer ${printableUrl(named)}, not for ${issuer}`, hint);
    }
    const { keys } = await readJsonObject(keysAt);
    if (!(Array.isArray(keys) && keys.some(isRsaKey))) {
      const found = `${issuer} has no RSA key: API Gateway supports RSA signatures only, and would refuse every token`;
      return warning(found, `configure the provider to sign with RS256; see ${JWT_AUTHORIZER}`);
    }
    return ok(`${issuer}, has an RSA key`);
  } catch (error) {
    if (!(error instanceof UnusableIssuer)) throw error;
    return warning(error.message, `API Gateway must be able to read it from the internet, without a sign-in; see ${JWT_AUTHORIZER}`);
  }
}

/** Read a JSON object over https, with limits of time and size. */
async function readJsonObject(url: unknown): Promise<Record<string, unknown>> {
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new UnusableIssuer(`the address of the keys is ${printableUrl(url)}, which is not https`);
  }
  const value = await read(url);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnusableIssuer(`${printableUrl(url)} is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

async function read(url: string): Promise<unknown> {
  try {
    const headers = { accept: 'application/json' };
    const response = await fetch(url, { redirect: 'error', headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new UnusableIssuer(`${printableUrl(url)} answered HTTP ${response.status}`);
    return JSON.parse(await readLimited(response, url));
  } catch (error) {
    if (error instanceof UnusableIssuer) throw error;
    if (error instanceof SyntaxError) throw new UnusableIssuer(`${printableUrl(url)} is not JSON`);
    const { name, message, cause } = error as Error & { readonly cause?: Error };
    const reason = name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : cause?.message ?? message;
    throw new UnusableIssuer(`${printableUrl(url)} cannot be read: ${reason}`);
  }
}

async function readLimited(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new UnusableIssuer(`${printableUrl(url)} has more than the ${MAX_BYTES} bytes that API Gateway reads`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf-8');
}

function isRsaKey(key: unknown): boolean {
  return typeof key === 'object' && key !== null && (key as { readonly kty?: unknown }).kty === 'RSA';
}

/** A value from an untrusted document, if it looks like a URL. Nothing else of it is printed. */
function printableUrl(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : 'something that is not a URL';
}
