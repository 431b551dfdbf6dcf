import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BinaryName, BuildJob } from './build-job';
import { cacheFolder } from '../../util/cache-dir';
import { hashText } from '../../util/files';
import { withLockSync } from '../../util/process/process-lock';
import { reportUpToDate, say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { Artifact } from '../cache/artifact-store';
import { SynthSession } from '../cache/synth-session';
import { BuildOptions } from '../options/options';

/** Binaries that are built together. */
export interface BinaryGroup {
  /** The object that the group belongs to. */
  readonly owner: object;
  /** Names of the binaries; undefined for all binaries of the workspace. */
  readonly binaries?: string[];
}

/** Artifacts by the name of their binary. The name is undefined for the only binary of a crate. */
type Artifacts = Map<string | undefined, Artifact>;

const groupArtifacts = new WeakMap<object, WeakMap<SynthSession, Map<string, Artifacts>>>();

/** Bundle one binary of a group. The whole group is built once for each app and target. */
export function bundleGroup(scope: Construct, options: BuildOptions, group: BinaryGroup): Artifact {
  const session = SynthSession.of(scope);
  const ofOwner = groupArtifacts.get(group.owner) ?? new WeakMap<SynthSession, Map<string, Artifacts>>();
  groupArtifacts.set(group.owner, ofOwner);
  const ofSession = ofOwner.get(session) ?? new Map<string, Artifacts>();
  ofOwner.set(session, ofSession);
  const { packageName } = options;
  const key = `${options.target} ${Stage.of(scope)!.assetOutdir}`;
  const artifacts = ofSession.get(key) ?? bundle(scope, options, group.binaries?.map((binaryName) => ({ binaryName, packageName })));
  ofSession.set(key, artifacts);
  const artifact = artifacts.get(options.binaryName);
  if (artifact === undefined) {
    throw new UserError(`no binary "${options.binaryName}" in the workspace of ${options.manifestPath}: it has ${
      [...artifacts.keys()].map((name) => `"${name}"`).join(', ')}`);
  }
  return artifact;
}

/**
 * Bundle binaries together, by default all binaries of the workspace. They are built if one is missing or not up to date.
 *
 * Starts no process if nothing has changed since the last build.
 */
export function bundle(scope: Construct, options: BuildOptions, names?: BinaryName[]): Artifacts {
  const session = SynthSession.of(scope);
  const job = new BuildJob(session, Stage.of(scope)!.assetOutdir, options, names);
  const upToDate = job.findArtifacts();
  if (upToDate) {
    job.binaries.forEach((binary) => reportUpToDate(binary.name));
  }
  const artifacts = upToDate ?? withTargetDirectory(job.workspace.targetDirectory, () => {
    // Another process may have built them while this one waited.
    session.forgetFiles();
    return job.findArtifacts() ?? job.build();
  });
  return new Map(artifacts.map((artifact, index) => [names ? names[index].binaryName : job.binaries[index].name, artifact]));
}

/** Run an action while no other process builds in the target directory. */
function withTargetDirectory<T>(targetDirectory: string, action: () => T): T {
  const file = join(cacheFolder(), 'locks', hashText(targetDirectory).slice(0, 32));
  return withLockSync(file, action, {
    quietMs: 1000,
    onWait: (pid) => say(`waiting for process ${pid ?? 'unknown'}, which builds in ${targetDirectory}`),
  });
}
