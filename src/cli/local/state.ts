import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHealthy } from './health';
import { cacheFolder } from '../../util/cache-dir';
import type { LocalEndpoint } from '../aws/clients';
import { CliError } from '../util/errors';

/** The account that a local AWS plays, whatever deploy.toml says. */
export const LOCAL_ACCOUNT = '000000000000';

/** What is remembered of a local AWS that was started. */
export interface LocalState {
  readonly pid: number;

  /** When the process was started (see `processStart`). */
  readonly start?: string;

  readonly port: number;

  /** The secret access key of this start: whoever has it may do everything there. */
  readonly secret: string;

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

/** What was remembered; the process may be gone, or be one of an older release, which no secret opens. */
export function readState(): LocalState | undefined {
  try {
    const state = JSON.parse(readFileSync(stateFile(), 'utf-8')) as LocalState;
    if (!Number.isInteger(state.pid) || !Number.isInteger(state.port)) return undefined;
    return { ...state, secret: typeof state.secret === 'string' ? state.secret : '' };
  } catch {
    return undefined;
  }
}

/** Our local AWS, when it runs. */
export async function runningLocalAws(): Promise<LocalState | undefined> {
  const state = readState();
  return state?.secret && await isHealthy(state) ? state : undefined;
}

/**
 * Our local AWS, as clients see it.
 *
 * @throws CliError when it does not run
 */
export async function requireLocalAws(): Promise<LocalEndpoint> {
  const state = await runningLocalAws();
  if (!state) throw new CliError('the local AWS is not running', { hint: 'start it with: npx pmcp-deploy local' });
  return { endpoint: endpointOf(state), account: LOCAL_ACCOUNT, secret: state.secret };
}
