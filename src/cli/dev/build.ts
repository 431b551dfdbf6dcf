import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBinary } from '../../rust/cargo/binaries';
import { featureArguments } from '../../rust/cargo/build-arguments';
import { findExecutable, MESSAGE_FORMAT } from '../../rust/cargo/build-messages';
import { readWorkspace } from '../../rust/cargo/metadata';
import { toolEnvironment } from '../../util/process/which';
import type { Project } from '../project/project';
import { runProgram } from '../util/run-program';

/** A program that was built. */
export interface Program {
  readonly path: string;

  /** Changes with each build that changed it. */
  readonly stamp: string;
}

/** What to build: a binary of the project's workspace. */
export interface BuildTarget {
  readonly package: string;
  readonly binary: string;
  readonly manifestPath: string;

  /** The folder whose files the program is made from. */
  readonly folder: string;
}

/**
 * The binary that deploy.toml means.
 *
 * @throws UserError when there is none, or several
 */
export function findBuildTarget(project: Project): BuildTarget {
  const { manifest_path, binary, package: packageName } = project.file.deployment.build;
  const manifestPath = join(project.root, manifest_path);
  const workspace = readWorkspace(manifestPath, toolEnvironment({}));
  const chosen = chooseBinary(workspace, { manifestPath, binaryName: binary, packageName });
  return { package: chosen.package.name, binary: chosen.name, manifestPath, folder: workspace.root };
}

/** Builds the server for this machine; undefined when it does not compile, which cargo has said on the terminal. */
export async function build(project: Project, target: BuildTarget, release: boolean): Promise<Program | undefined> {
  const { features, no_default_features, environment } = project.file.deployment.build;
  const { code, stdout } = await runProgram('cargo', [
    'build', '--manifest-path', target.manifestPath, '--package', target.package, '--bin', target.binary,
    ...featureArguments({ features, noDefaultFeatures: no_default_features }),
    ...release ? ['--release'] : [],
    ...MESSAGE_FORMAT,
  ], { cwd: project.root, env: toolEnvironment(environment), output: 'answer' });
  const path = code === 0 ? findExecutable(stdout, target.binary) : undefined;
  if (path === undefined) return undefined;
  const { mtimeMs, size } = statSync(path);
  return { path, stamp: `${mtimeMs}:${size}` };
}
