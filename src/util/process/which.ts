import { homedir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { withoutCredentials } from './build-environment';
import { cargoLambdaHome, isComplete, venvBin } from '../cache-dir';
import { isExecutable } from '../files';

/** The path of a program in the folders of PATH, as a shell finds it. */
export function which(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const extensions = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD;.BAT').split(';') : [''];
  // A path, rather than a name, is taken as it is.
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

/** Cargo's own folder. */
export function cargoHome(env: NodeJS.ProcessEnv): string {
  return env.CARGO_HOME || join(homedir(), '.cargo');
}

/**
 * The environment to start cargo in: without credentials, and where PATH has no cargo-lambda, the one that `pmcp-deploy` installed
 * comes first.
 *
 * @param extra variables that the user gives to the build, whatever they are
 */
export function toolEnvironment(extra: { readonly [key: string]: string }): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...withoutCredentials(process.env), ...extra };
  // Cargo itself looks there too, for subcommands.
  const own = which('cargo-lambda', { ...env, PATH: join(cargoHome(env), 'bin') });
  if (which('cargo-lambda', env) ?? own) {
    return env;
  }
  const home = cargoLambdaHome();
  return isComplete(home) ? { ...env, PATH: `${venvBin(home)}${delimiter}${pathOf(env)}` } : env;
}
