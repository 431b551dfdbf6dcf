import { join } from 'node:path';
import { Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BinaryName, Job } from './job';
import { cacheFolder } from '../../util/cache-dir';
import { hashText } from '../../util/files';
import { withLockSync } from '../../util/process/process-lock';
import { noteUpToDate, say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { Artifact } from '../cache/artifact-store';
import { Session } from '../cache/session';
import { BuildOptions } from '../options/options';

/** Binaries that are built together. */
export interface Group {
  /** What the group belongs to. */
  readonly owner: object;
  /** The names of the binaries; all there are when undefined. */
  readonly binaries?: string[];
}

/** Artifacts by the name of their binary; undefined stands for the only one there is. */
type Artifacts = Map<string | undefined, Artifact>;

const groups = new WeakMap<object, WeakMap<Session, Map<string, Artifacts>>>();

/** Returns the artifact of one binary of a group. The group is looked at, and built, once in an app for each target. */
export function bundleOfGroup(scope: Construct, options: BuildOptions, group: Group): Artifact {
  const session = Session.of(scope);
  const ofOwner = groups.get(group.owner) ?? new WeakMap<Session, Map<string, Artifacts>>();
  groups.set(group.owner, ofOwner);
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
 * Returns the artifacts of binaries that are built together; of all binaries of the workspace when none is named. Builds them
 * when one is missing, or not up to date.
 *
 * Starts no process when nothing has changed since the last build.
 */
export function bundle(scope: Construct, options: BuildOptions, names?: BinaryName[]): Artifacts {
  const session = Session.of(scope);
  const job = new Job(session, Stage.of(scope)!.assetOutdir, options, names);
  const artifacts = job.find();
  if (artifacts) {
    job.binaries.forEach((binary) => noteUpToDate(binary.name));
  }
  const built = artifacts ?? alone(job.workspace.targetDirectory, () => {
    // Another synth may have built them while this one waited.
    session.forgetFiles();
    return job.find() ?? job.build();
  });
  return new Map(built.map((artifact, index) => [names ? names[index].binaryName : job.binaries[index].name, artifact]));
}

/** Build while no other process builds in the same target folder. */
function alone<T>(targetDirectory: string, action: () => T): T {
  const file = join(cacheFolder(), 'locks', hashText(targetDirectory).slice(0, 32));
  return withLockSync(file, action, {
    quietMs: 1000,
    onWait: (pid) => say(`waiting for process ${pid ?? 'unknown'}, which builds in ${targetDirectory}`),
  });
}
