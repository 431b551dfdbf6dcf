import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Artifact, publish } from '../cache/artifact-store';

/**
 * Puts an artifact into the cloud assembly.
 *
 * The CDK believes any `asset.<hash>` folder that it finds, and copies assets into theirs file by file. So the folder is made
 * here, complete or not at all, under the name that the CDK documents for a custom hash; the CDK then finds it in place.
 */
export function stageArtifact(artifact: Artifact, outdir: string): void {
  const folder = stagedPath(artifact.hash, outdir);
  mkdirSync(outdir, { recursive: true });
  publish(artifact.path, folder, artifact.files);
}

/** The folder that the CDK stages an asset with a custom hash in. */
export function stagedPath(hash: string, outdir: string): string {
  return join(outdir, `asset.${createHash('sha256').update(hash).digest('hex')}`);
}
