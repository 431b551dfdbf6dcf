import { Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { BinaryName, Job } from './job';
import { withLock } from './lock';
import { BuildOptions } from './options';
import { noteUpToDate, say } from './output';
import { Session } from './session';
import { Artifact } from './store';

/**
 * Returns the artifacts of binaries that are built together. Builds them when one is missing, or not up to date.
 *
 * Starts no process when nothing has changed since the last build.
 */
export function bundle(scope: Construct, options: BuildOptions, names: BinaryName[]): Artifact[] {
  const session = Session.of(scope);
  const job = new Job(session, Stage.of(scope)!.assetOutdir, options, names);
  const found = job.find();
  if (found) {
    job.binaries.forEach((binary) => noteUpToDate(binary.name));
    return found;
  }
  return withLock(job.workspace.targetDirectory, () => {
    // Another synth may have built them while this one waited.
    session.forgetFiles();
    return job.find() ?? job.build();
  }, say);
}
