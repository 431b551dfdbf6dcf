import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The release of cargo-lambda that is installed if there is no other. */
export const CARGO_LAMBDA_VERSION = '1.9.2';

/** File in a virtual environment that was installed completely. One without it is not used. */
export const COMPLETE_MARKER = '.complete';

/**
 * Return the folder of this package's tools and state: `$PMCP_DEPLOY_CACHE`, or `pmcp-deploy` in the user's cache folder.
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

/** Return the folder of the virtual environment with this package's cargo-lambda, installed or not. */
export function cargoLambdaHome(): string {
  return join(cacheFolder(), `cargo-lambda-${CARGO_LAMBDA_VERSION}`);
}

/** Return the folder of the programs in a virtual environment. */
export function venvBin(home: string, platform: NodeJS.Platform = process.platform): string {
  return join(home, platform === 'win32' ? 'Scripts' : 'bin');
}

/** Return true if a virtual environment was installed completely. */
export function isComplete(home: string): boolean {
  return existsSync(join(home, COMPLETE_MARKER));
}
