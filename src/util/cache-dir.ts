import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The cargo-lambda release that is installed where there is none. */
export const CARGO_LAMBDA_VERSION = '1.9.2';

/** A virtual environment without this file in it was not finished, and is not used. */
export const COMPLETE_MARKER = '.complete';

/**
 * The folder of this package's own tools and state: `$PMCP_DEPLOY_CACHE`, else `pmcp-deploy` in the user's cache folder.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  return env.PMCP_DEPLOY_CACHE || join(userCacheFolder(env, platform), 'pmcp-deploy');
}

function userCacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  switch (platform) {
    case 'win32':
      return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Caches');
    default:
      return env.XDG_CACHE_HOME || join(homedir(), '.cache');
  }
}

/** Where the virtual environment with our cargo-lambda is, or is to be. */
export function cargoLambdaHome(): string {
  return join(cacheFolder(), `cargo-lambda-${CARGO_LAMBDA_VERSION}`);
}

/** The folder with the programs of a virtual environment. */
export function venvBin(home: string, platform: NodeJS.Platform = process.platform): string {
  return join(home, platform === 'win32' ? 'Scripts' : 'bin');
}

/** Whether a virtual environment was installed to the end. */
export function isComplete(home: string): boolean {
  return existsSync(join(home, COMPLETE_MARKER));
}
