import { statSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBinary } from '../../rust/cargo/binaries';
import { featureArguments } from '../../rust/cargo/build-arguments';
import { findExecutable, MESSAGE_FORMAT } from '../../rust/cargo/build-messages';
import { readWorkspace } from '../../rust/cargo/metadata';
import { toolEnvironment } from '../../util/process/which';
import type { Project } from '../project/project';
import { runProgram } from '../util/run-program';

/** A built program. */
export interface Program {
  readonly path: string;

  /** Changes whenever a build changes the program. */
  readonly stamp: string;
}

/** The binary to build. */
export interface BuildTarget {
  readonly package: string;
  readonly binary: string;
  readonly manifestPath: string;

  /** Root of the workspace. */
  readonly folder: string;
}

/**
 * Find the binary that deploy.toml selects.
 *
 * @throws UserError unless exactly one matches
 */
export function findBuildTarget(project: Project): BuildTarget {
  const { manifest_path, binary, package: packageName } = project.file.deployment.build;
  const manifestPath = join(project.root, manifest_path);
  const workspace = readWorkspace(manifestPath, toolEnvironment({}));
  const chosen = chooseBinary(workspace, { manifestPath, binaryName: binary, packageName });
  return { package: chosen.package.name, binary: chosen.name, manifestPath, folder: workspace.root };
}

/** Build the server for this machine. Undefined if it does not compile; cargo has printed why. */
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
