import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { containerUser, docker, dockerProgram, INPUT, OUTPUT, TARGET } from './docker';
import { run } from '../../util/process/exec';
import { DockerOptions } from '../types';

const FOLDERS = [INPUT, OUTPUT, TARGET];

const HELPER_IMAGE = 'public.ecr.aws/docker/library/alpine:3.22';

/** Folders that the build does not read, and that can be large. */
const LEFT_OUT = new Set(['target', 'node_modules', 'cdk.out', '.git']);

/** Volumes that files are copied into and out of, for a daemon that does not see the files of this machine. */
export class VolumeCopy {
  public readonly helper: string;
  private readonly volumes: string[];

  constructor(private readonly options: DockerOptions) {
    const suffix = randomBytes(12).toString('hex');
    this.helper = `pmcp-deploy-copy-${suffix}`;
    this.volumes = FOLDERS.map((folder) => `pmcp-deploy${folder.replace('/', '-')}-${suffix}`);
  }

  /** Makes the volumes, folders in them, and a container that holds them. */
  public start(folders: string[]): void {
    this.volumes.forEach((volume) => docker(['volume', 'create', volume]));
    const mounts = this.volumes.flatMap((volume, index) => ['-v', `${volume}:${FOLDERS[index]}`]);
    docker(['run', '--name', this.helper, ...mounts, HELPER_IMAGE, 'mkdir', '-p', ...folders]);
  }

  /** Copies a folder's content into the container. */
  public copyIn(from: string, to: string): void {
    readdirSync(from).filter((name) => !LEFT_OUT.has(name)).forEach((name) => docker(['cp', join(from, name), `${this.helper}:${to}/`]));
  }

  /** Gives what was copied, which is root's, to the user of the build. */
  public handOver(): void {
    docker(['run', '--rm', '--volumes-from', this.helper, HELPER_IMAGE, 'chown', '-R', containerUser(this.options), ...FOLDERS]);
  }

  /** Copies a folder's content out of the container. */
  public copyOut(from: string, to: string): void {
    mkdirSync(to, { recursive: true });
    docker(['cp', `${this.helper}:${from}/.`, to]);
  }

  /** Removes the container and the volumes, as far as they are there. */
  public remove(): void {
    run(dockerProgram(), ['rm', '--force', this.helper]);
    this.volumes.forEach((volume) => run(dockerProgram(), ['volume', 'rm', '--force', volume]));
  }
}
