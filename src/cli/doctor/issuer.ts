import { type Finding, ok, problem, warning } from './check';

const TIMEOUT_MS = 5000;

/** API Gateway reads no more of a key set: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BYTES = 150_000;

const JWT_AUTHORIZER = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html';

/** Why an issuer cannot be used, in words for the user. */
class Unusable extends Error {}

/** Whether API Gateway can check the tokens of an issuer: it finds the keys by discovery, and checks RSA signatures only. */
export async function lookAtIssuer(issuer: string): Promise<Finding> {
  try {
    const at = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { issuer: named, jwks_uri: keysAt } = await readTable(at);
    if (named !== issuer) {
      return problem(`${at} is of the issuer ${shown(named)}, not of ${issuer}`, 'auth.oidc.issuer must be exactly what the provider calls itself, with or without "/" at the end');
    }
    const { keys } = await readTable(keysAt);
    const types = (Array.isArray(keys) ? keys : []).map((key: unknown) => (typeof key === 'object' && key !== null ? (key as { kty?: unknown }).kty : undefined));
    if (!types.includes('RSA')) {
      return warning(`${issuer} has no RSA key: API Gateway checks RSA signatures only, and would refuse every token`, `let the provider sign with RS256; see ${JWT_AUTHORIZER}`);
    }
    return ok(`${issuer}, signs with RSA`);
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return warning(error.message, `API Gateway must be able to read it without signing in, from the internet; see ${JWT_AUTHORIZER}`);
  }
}

/** Reads a JSON object over https, within limits of time and size. */
async function readTable(url: unknown): Promise<Record<string, unknown>> {
  if (typeof url !== 'string' || !URL.canParse(url) || new URL(url).protocol !== 'https:') throw new Unusable(`the address of the keys is ${shown(url)}, which has no https`);
  const value = await read(url);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unusable(`${shown(url)} is not a JSON object`);
  return value as Record<string, unknown>;
}

async function read(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { redirect: 'error', headers: { accept: 'application/json' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Unusable(`${shown(url)} answers HTTP ${response.status}`);
    return JSON.parse(await limited(response, url));
  } catch (error) {
    if (error instanceof Unusable) throw error;
    if (error instanceof SyntaxError) throw new Unusable(`${shown(url)} is not JSON`);
    const { name, message, cause } = error as Error & { readonly cause?: Error };
    throw new Unusable(`${shown(url)} cannot be read: ${name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : cause?.message ?? message}`);
  }
}

async function limited(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Unusable(`${shown(url)} has more than the ${MAX_BYTES} bytes that API Gateway reads`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf-8');
}

/** What a stranger has written, where it is a plain URL; a terminal is shown nothing else of it. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : 'something that is not a URL';
}
