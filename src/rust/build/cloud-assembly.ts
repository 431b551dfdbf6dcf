import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashText } from '../../util/files';
import { Artifact, publish } from '../cache/artifact-store';

/**
 * Put an artifact into the cloud assembly.
 *
 * The CDK trusts any `asset.<hash>` folder that exists, and copies assets file by file. An interrupted copy would stay incomplete. So the
 * folder is created here in one step, under the name that the CDK documents for a custom hash, and the CDK finds it in place.
 */
export function stageArtifact(artifact: Artifact, outdir: string): void {
  const folder = stagedPath(artifact.hash, outdir);
  mkdirSync(outdir, { recursive: true });
  publish(artifact.path, folder, artifact.files);
}

/** Return the folder in which the CDK stages an asset with a custom hash. */
export function stagedPath(hash: string, outdir: string): string {
  return join(outdir, `asset.${hashText(hash)}`);
}
