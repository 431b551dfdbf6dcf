import { mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Construct } from 'constructs';
import { cargoArguments } from './arguments';
import { cacheFolder } from './cache';
import { chooseBinary } from './choose';
import { readWorkspace } from './metadata';
import { BuildOptions } from './options';
import { ending, run } from './run';
import { Artifact, hashFiles, listFiles } from './store';
import { UserError } from './user-error';
import { toolEnvironment } from './which';

/** Builds a crate and returns its artifact. */
export function bundle(_scope: Construct, options: BuildOptions): Artifact {
  const env = toolEnvironment(options.environment);
  const cwd = dirname(options.manifestPath);
  const workspace = readWorkspace(options.manifestPath, env);
  const binary = chooseBinary(workspace, options);
  mkdirSync(join(cacheFolder(), 'builds'), { recursive: true });
  const output = mkdtempSync(join(cacheFolder(), 'builds', 'build-'));
  const outcome = run('cargo', cargoArguments(options, [binary], output), { cwd, env, showProgress: true });
  if (!outcome.ok) {
    throw new UserError(`could not build "${binary.name}" of ${binary.package.manifestPath}: cargo ${ending(outcome)}`);
  }
  const path = join(output, binary.name);
  const files = listFiles(path);
  return { hash: hashFiles(path, files), files, path };
}
