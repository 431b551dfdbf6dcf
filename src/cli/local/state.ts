import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isHealthy } from './health';
import { cacheFolder } from '../../util/cache-dir';
import type { LocalEndpoint } from '../aws/clients';
import { CliError } from '../util/errors';

/** Account id of the local AWS, independent of deploy.toml. */
export const LOCAL_ACCOUNT = '000000000000';

/** The stored state of a local AWS that was started. */
export interface LocalState {
  readonly pid: number;

  /** Start time of the process (see `processStart`). */
  readonly start?: string;

  readonly port: number;

  /** The secret access key of this start. It gives full access to the local AWS. */
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

/** The stored state. The process may have ended. A process of an older release has an empty secret. */
export function readState(): LocalState | undefined {
  try {
    const state = JSON.parse(readFileSync(stateFile(), 'utf-8')) as LocalState;
    if (!Number.isInteger(state.pid) || !Number.isInteger(state.port)) return undefined;
    return { ...state, secret: typeof state.secret === 'string' ? state.secret : '' };
  } catch {
    return undefined;
  }
}

/** The local AWS, if it is running. */
export async function runningLocalAws(): Promise<LocalState | undefined> {
  const state = readState();
  return state?.secret && await isHealthy(state) ? state : undefined;
}

/**
 * The endpoint of the local AWS.
 *
 * @throws CliError if it is not running
 */
export async function requireLocalAws(): Promise<LocalEndpoint> {
  const state = await runningLocalAws();
  if (!state) throw new CliError('the local AWS is not running', { hint: 'start it with: npx pmcp-deploy local' });
  return { endpoint: endpointOf(state), account: LOCAL_ACCOUNT, secret: state.secret };
}
