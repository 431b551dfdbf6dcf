import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BundlingFileAccess, DockerVolume } from 'aws-cdk-lib';
import { ContainerRun, IMAGE, OUTPUT, runContainer, TARGET } from './docker';
import { VolumeCopy } from './docker-volumes';
import { Mounts } from './mounts';
import { cacheFolder } from '../../util/cache-dir';
import { hashText } from '../../util/files';
import { ProcessResult } from '../../util/process/exec';
import { UserError } from '../../util/user-error';
import { CargoWorkspace, METADATA_ARGUMENTS, parseWorkspace } from '../cargo/metadata';
import { BuildOptions } from '../options/options';

/** Cargo's home folder in the image. */
const CARGO_HOME = '/usr/local/cargo';

/** How a command runs in the container. */
export interface ContainerRunOptions {
  /** The folder on this machine that the container sees as its output folder. */
  readonly output?: string;
  /** The volumes with the files, if they are copied. */
  readonly copy?: VolumeCopy;
  /** If true, standard error is returned, rather than shown. */
  readonly isQuiet?: boolean;
}

/** Containers that see a workspace. */
export class BuildContainer {
  public readonly copiesFiles: boolean;
  public readonly targetDirectory: string;
  private readonly cwd: string;

  constructor(private readonly options: BuildOptions, public readonly mounts: Mounts, workspaceRoot: string) {
    this.copiesFiles = options.docker.bundlingFileAccess === BundlingFileAccess.VOLUME_COPY;
    this.cwd = mounts.toContainerPath(dirname(options.manifestPath));
    // Not the target directory of this machine, which is for another system and compiler.
    this.targetDirectory = join(cacheFolder(), 'docker', 'target', hashText(workspaceRoot).slice(0, 16));
  }

  public run(command: string[], { output, copy, isQuiet = false }: ContainerRunOptions = {}): ProcessResult {
    const container: ContainerRun = {
      image: this.options.dockerImage?.image ?? IMAGE,
      command,
      volumes: copy ? [] : this.volumes(output),
      volumesFrom: copy ? [copy.helper] : undefined,
      environment: { ...this.options.environment, CARGO_TARGET_DIR: TARGET },
      workingDirectory: this.cwd,
      options: this.options.docker,
    };
    return runContainer(container, isQuiet);
  }

  /** Run `cargo metadata` in a container. The paths in the result are those on this machine. */
  public readWorkspace(): CargoWorkspace {
    const result = this.run(['cargo', ...METADATA_ARGUMENTS], { isQuiet: true });
    if (!result.ok) {
      throw new UserError(`cargo in ${IMAGE} cannot read ${this.options.manifestPath}:\n${result.stderr.trim()}`);
    }
    return parseWorkspace(result.stdout, (path) => this.toHostPath(path));
  }

  /** Convert a path in the container into the path on this machine. */
  public toHostPath(path: string): string {
    const isTarget = path === TARGET || path.startsWith(`${TARGET}/`);
    return isTarget ? join(this.targetDirectory, path.slice(TARGET.length)) : this.mounts.toHostPath(path);
  }

  private volumes(output: string | undefined): DockerVolume[] {
    const cache = (name: string) => join(cacheFolder(), 'docker', name);
    const caches = [
      { hostPath: cache('registry'), containerPath: `${CARGO_HOME}/registry` },
      { hostPath: cache('git'), containerPath: `${CARGO_HOME}/git` },
      { hostPath: this.targetDirectory, containerPath: TARGET },
    ];
    // The daemon would create a missing folder as root.
    caches.forEach(({ hostPath }) => mkdirSync(hostPath, { recursive: true }));
    return [...this.mounts.volumes(), ...output === undefined ? [] : [{ hostPath: output, containerPath: OUTPUT }], ...caches];
  }
}
