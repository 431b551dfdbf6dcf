import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const HEALTH_TIMEOUT_MS = 5000;

/**
 * Whether the local AWS answers, and is the one that is meant, not somebody else's on the same port.
 *
 * Both sides prove that they know the secret, and neither says it: who listens on the port of a local AWS that has ended learns nothing.
 */
export async function isHealthy({ port, secret }: { readonly port: number; readonly secret: string }): Promise<boolean> {
  const challenge = randomBytes(24).toString('hex');
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_pmcp-deploy/health`, {
      headers: { 'x-pmcp-deploy-challenge': challenge, 'x-pmcp-deploy-proof': proof(secret, 'client', challenge) },
      redirect: 'error',
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const said = Buffer.from(String((await answer.json() as { proof?: unknown }).proof));
    const expected = Buffer.from(proof(secret, 'server', challenge));
    return said.length === expected.length && timingSafeEqual(said, expected);
  } catch {
    return false;
  }
}

/** What the guard of the local AWS computes too: see assets/local-aws/local_aws/guard.py. */
function proof(secret: string, side: 'client' | 'server', challenge: string): string {
  return createHmac('sha256', secret).update(`pmcp-deploy ${side} ${challenge}`).digest('hex');
}
