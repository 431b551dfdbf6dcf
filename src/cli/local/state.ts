import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../rust/cache';
import type { LocalEndpoint } from '../aws';
import { CliError } from '../errors';

/** The account that a local AWS plays, whatever deploy.toml says. */
export const LOCAL_ACCOUNT = '000000000000';

const HEALTH_TIMEOUT_MS = 5000;

/** What is remembered of a local AWS that was started. */
export interface LocalState {
  readonly pid: number;

  /** When the process was started (see `processStart`). */
  readonly start?: string;

  readonly port: number;

  /** A random text that this very process tells when asked for its health. */
  readonly token: string;

  /** Version of ministack. */
  readonly version: string;
}

/** The folder of the local AWS: its state, its log, its files. */
export function localFolder(): string {
  return join(cacheFolder(), 'local-aws');
}

export function stateFile(): string {
  return join(localFolder(), 'state.json');
}

export function logFile(): string {
  return join(localFolder(), 'ministack.log');
}

export function endpointOf(state: { readonly port: number }): string {
  return `http://127.0.0.1:${state.port}`;
}

/** What was remembered; the process may be gone. */
export function readState(): LocalState | undefined {
  try {
    const state = JSON.parse(readFileSync(stateFile(), 'utf-8')) as LocalState;
    return Number.isInteger(state.pid) && Number.isInteger(state.port) && typeof state.token === 'string' ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the local AWS answers, and is the one that is meant, not somebody else's on the same port. */
export async function isHealthy({ port, token }: Pick<LocalState, 'port' | 'token'>): Promise<boolean> {
  try {
    const answer = await fetch(`${endpointOf({ port })}/_ministack/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    const { edition } = await answer.json() as { edition?: string };
    return edition === token;
  } catch {
    return false;
  }
}

/** Our local AWS, when it runs. */
export async function runningLocalAws(): Promise<LocalState | undefined> {
  const state = readState();
  return state && await isHealthy(state) ? state : undefined;
}

/**
 * Our local AWS, as clients see it.
 *
 * @throws CliError when it does not run
 */
export async function requireLocalAws(): Promise<LocalEndpoint> {
  const state = await runningLocalAws();
  if (!state) throw new CliError('the local AWS is not running', { hint: 'start it with: npx pmcp-deploy local' });
  return { endpoint: endpointOf(state), account: LOCAL_ACCOUNT };
}
