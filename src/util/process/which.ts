import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { withoutCredentials } from './build-environment';
import { cargoLambdaHome, isComplete, venvBin } from '../cache-dir';
import { isExecutable } from '../files';

/** Find a program in the folders of PATH, as a shell does. */
export function which(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const extensions = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  // A path is not looked up.
  const folders = basename(program) === program ? pathOf(env).split(delimiter) : [dirname(program)];
  for (const folder of folders) {
    for (const extension of extensions) {
      const file = join(folder || '.', basename(program) + extension);
      if (isExecutable(file)) {
        return file;
      }
    }
  }
  return undefined;
}

function pathOf(env: NodeJS.ProcessEnv): string {
  return env.PATH ?? env.Path ?? '';
}

/** Return cargo's home folder. */
export function cargoHome(env: NodeJS.ProcessEnv): string {
  return env.CARGO_HOME || join(homedir(), '.cargo');
}

/**
 * Return the environment of cargo: without credentials, and with the cargo-lambda that `pmcp-deploy` installed if PATH has none.
 *
 * @param extra variables that the user gives to the build. They are not checked for credentials
 */
export function toolEnvironment(extra: { readonly [key: string]: string }): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...withoutCredentials(process.env), ...extra };
  // Cargo looks for subcommands there too.
  const own = which('cargo-lambda', { ...env, PATH: join(cargoHome(env), 'bin') });
  if (which('cargo-lambda', env) ?? own) {
    return env;
  }
  const home = cargoLambdaHome();
  return isComplete(home) ? { ...env, PATH: `${venvBin(home)}${delimiter}${pathOf(env)}` } : env;
}
