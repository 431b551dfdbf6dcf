import { join, posix, relative, sep } from 'node:path';
import { DockerVolume } from 'aws-cdk-lib';
import { INPUT } from './docker';

/** Folders of this machine in the container: below one folder, and in the same places relative to each other. */
export class Mounts {
  private readonly base: string;

  constructor(public readonly folders: string[]) {
    this.base = commonFolder(folders);
  }

  /** Convert a path on this machine into the path in the container. */
  public toContainerPath(path: string): string {
    const below = relative(this.base, path).split(sep).join('/');
    return posix.join(INPUT, below);
  }

  /** Convert a path in the container into the path on this machine. A path that is not mounted is returned as it is. */
  public toHostPath(path: string): string {
    return path === INPUT || path.startsWith(`${INPUT}/`) ? join(this.base, path.slice(INPUT.length)) : path;
  }

  /** Return the volumes that mount the folders. */
  public volumes(): DockerVolume[] {
    return this.folders.map((folder) => ({ hostPath: folder, containerPath: this.toContainerPath(folder) }));
  }
}

function commonFolder(folders: string[]): string {
  const [first, ...others] = folders.map((folder) => folder.split(sep));
  let length = first.length;
  for (const other of others) {
    length = Math.min(length, other.length);
    while (length > 0 && first.slice(0, length).join(sep) !== other.slice(0, length).join(sep)) {
      length--;
    }
  }
  return first.slice(0, length).join(sep) || sep;
}
