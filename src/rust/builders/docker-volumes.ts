import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { containerUser, dockerProgram, INPUT, OUTPUT, runDocker, TARGET } from './docker';
import { run } from '../../util/process/exec';
import { DockerOptions } from '../docker-options';

const FOLDERS = [INPUT, OUTPUT, TARGET];

const HELPER_IMAGE = 'public.ecr.aws/docker/library/alpine:3.22';

/** Folders that can be large, and that the build does not read. */
const EXCLUDED = new Set(['target', 'node_modules', 'cdk.out', '.git']);

/** Volumes with copies of files, for a daemon that cannot mount the files of this machine. */
export class VolumeCopy {
  public readonly helper: string;
  private readonly volumes: string[];

  constructor(private readonly options: DockerOptions) {
    const suffix = randomBytes(12).toString('hex');
    this.helper = `pmcp-deploy-copy-${suffix}`;
    this.volumes = FOLDERS.map((folder) => `pmcp-deploy${folder.replace('/', '-')}-${suffix}`);
  }

  /** Create the volumes, folders in them, and a helper container to which they belong. */
  public start(folders: string[]): void {
    this.volumes.forEach((volume) => runDocker(['volume', 'create', volume]));
    const mounts = this.volumes.flatMap((volume, index) => ['-v', `${volume}:${FOLDERS[index]}`]);
    runDocker(['run', '--name', this.helper, ...mounts, HELPER_IMAGE, 'mkdir', '-p', ...folders]);
  }

  /** Copy the content of a folder into the volumes. */
  public copyIn(from: string, to: string): void {
    readdirSync(from).filter((name) => !EXCLUDED.has(name)).forEach((name) => runDocker(['cp', join(from, name), `${this.helper}:${to}/`]));
  }

  /** Give the copied files, which root owns, to the user of the build. */
  public changeOwner(): void {
    runDocker(['run', '--rm', '--volumes-from', this.helper, HELPER_IMAGE, 'chown', '-R', containerUser(this.options), ...FOLDERS]);
  }

  /** Copy the content of a folder out of the volumes. */
  public copyOut(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    runDocker(['cp', `${this.helper}:${from}/.`, to]);
  }

  /** Remove the helper container and the volumes that exist. */
  public remove(): void {
    run(dockerProgram(), ['rm', '--force', this.helper]);
    this.volumes.forEach((volume) => run(dockerProgram(), ['volume', 'rm', '--force', volume]));
  }
}
