import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const HEALTH_TIMEOUT_MS = 5000;

/**
 * Check that the local AWS answers, and that it is not another program on the same port.
 *
 * Both sides prove that they know the secret without sending it, so a program on the port of a local AWS that has ended learns nothing.
 */
export async function isHealthy({ port, secret }: { readonly port: number; readonly secret: string }): Promise<boolean> {
  const challenge = randomBytes(24).toString('hex');
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_pmcp-deploy/health`, {
      headers: { 'x-pmcp-deploy-challenge': challenge, 'x-pmcp-deploy-proof': proof(secret, 'client', challenge) },
      redirect: 'error',
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const answered = Buffer.from(String((await answer.json() as { proof?: unknown }).proof));
    const expected = Buffer.from(proof(secret, 'server', challenge));
    return answered.length === expected.length && timingSafeEqual(answered, expected);
  } catch {
    return false;
  }
}

/** The guard of the local AWS computes the same: see assets/local-aws/local_aws/guard.py. */
function proof(secret: string, side: 'client' | 'server', challenge: string): string {
  return createHmac('sha256', secret).update(`pmcp-deploy ${side} ${challenge}`).digest('hex');
}
