import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isAwsCredential, withoutCredentials } from '../../util/process/build-environment';

/** Variables with credentials of package managers for private registries. */
const OF_REGISTRIES = /^(NPM_TOKEN|NODE_AUTH_TOKEN|BUN_AUTH_TOKEN|YARN_NPM_AUTH_.*|NPM_CONFIG_.*)$/i;

/** Settings files of package managers, which refer to variables with tokens. */
const SETTINGS = ['.npmrc', '.yarnrc.yml', 'bunfig.toml'];

/** Environment of the command that installs packages: that of builds, and credentials of private registries. */
export function installEnvironment(folder: string, root: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const named = namedVariables(folder, root);
  const needed = Object.entries(env).filter(([name]) => OF_REGISTRIES.test(name) || (named.has(name) && !isAwsCredential(name)));
  return { ...withoutCredentials(env), ...Object.fromEntries(needed) };
}

/** Environment of the command that builds a widget. Variables in the settings files are empty: Yarn needs them to exist. */
export function widgetEnvironment(folder: string, root: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const named = [...namedVariables(folder, root)].filter((name) => env[name] !== undefined);
  return { ...Object.fromEntries(named.map((name) => [name, ''])), ...withoutCredentials(env) };
}

/** Variables in the settings files of package managers, as in `_authToken=${GITHUB_TOKEN}`. */
function namedVariables(folder: string, root: string): Set<string> {
  const files = [...foldersUpTo(folder, root), homedir()].flatMap((place) => SETTINGS.map((name) => join(place, name)));
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf-8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name)));
}

function foldersUpTo(folder: string, root: string): string[] {
  const parent = dirname(folder);
  return folder === root || folder === parent ? [folder] : [folder, ...foldersUpTo(parent, root)];
}
