import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BundlingFileAccess, DockerVolume } from 'aws-cdk-lib';
import { Builder, buildFailed, hookCommands } from './builder';
import { ContainerRun, IMAGE, Mounts, OUTPUT, runContainer, TARGET } from './docker';
import { VolumeCopy } from './docker-volumes';
import { cacheFolder } from '../../util/cache-dir';
import { hashText } from '../../util/files';
import { ending } from '../../util/process/exec';
import { UserError } from '../../util/user-error';
import { Binary } from '../cargo/binaries';
import { cargoArguments } from '../cargo/build-arguments';
import { BuildMessages, parseMessages } from '../cargo/dep-info';
import { parseWorkspace, Workspace } from '../cargo/metadata';
import { Versions } from '../cargo/toolchain';
import { BuildOptions } from '../options/options';
import { ICommandHooks } from '../types';

/** Where cargo keeps what it downloads, in the image. */
const CARGO_HOME = '/usr/local/cargo';

/** A container that sees a workspace. */
export class Container {
  public readonly copies: boolean;
  public readonly targetDirectory: string;
  private readonly cwd: string;

  constructor(private readonly options: BuildOptions, public readonly mounts: Mounts, workspaceRoot: string) {
    this.copies = options.docker.bundlingFileAccess === BundlingFileAccess.VOLUME_COPY;
    this.cwd = mounts.inside(dirname(options.manifestPath));
    // Never the target folder of this machine: another system, another compiler.
    this.targetDirectory = join(cacheFolder(), 'docker', 'target', hashText(workspaceRoot).slice(0, 16));
  }

  /** Runs a command. Its standard output is returned, its standard error shown. */
  public run(command: string[], output?: string, copy?: VolumeCopy, showProgress = true) {
    const container: ContainerRun = {
      image: this.options.dockerImage?.image ?? IMAGE,
      command,
      volumes: copy ? [] : this.volumes(output),
      volumesFrom: copy ? [copy.helper] : undefined,
      environment: { ...this.options.environment, CARGO_TARGET_DIR: TARGET },
      workingDirectory: this.cwd,
      options: this.options.docker,
    };
    return runContainer(container, showProgress);
  }

  /** What cargo in the container says of the workspace, with paths of this machine. */
  public readWorkspace(): Workspace {
    const outcome = this.run(['cargo', 'metadata', '--no-deps', '--format-version', '1'], undefined, undefined, false);
    if (!outcome.ok) {
      throw new UserError(`cargo in ${IMAGE} cannot read ${this.options.manifestPath}:\n${outcome.stderr.trim()}`);
    }
    return parseWorkspace(outcome.stdout, (path) => this.outside(path));
  }

  /** The path on this machine of a path in the container. */
  public outside(path: string): string {
    return path === TARGET || path.startsWith(`${TARGET}/`) ? join(this.targetDirectory, path.slice(TARGET.length)) : this.mounts.outside(path);
  }

  private volumes(output: string | undefined): DockerVolume[] {
    const cache = (name: string) => join(cacheFolder(), 'docker', name);
    const caches = [
      { hostPath: cache('registry'), containerPath: `${CARGO_HOME}/registry` },
      { hostPath: cache('git'), containerPath: `${CARGO_HOME}/git` },
      { hostPath: this.targetDirectory, containerPath: TARGET },
    ];
    // A folder that is not there would be made by the daemon, for root.
    caches.forEach(({ hostPath }) => mkdirSync(hostPath, { recursive: true }));
    return [...this.mounts.volumes(), ...output === undefined ? [] : [{ hostPath: output, containerPath: OUTPUT }], ...caches];
  }
}

/** Builds in a container. */
export class DockerBuilder implements Builder {
  public readonly workspace: Workspace;

  constructor(
    workspace: Workspace, public readonly versions: Versions, public readonly env: NodeJS.ProcessEnv,
    private readonly options: BuildOptions, private readonly container: Container,
  ) {
    this.workspace = { ...workspace, targetDirectory: container.targetDirectory };
  }

  public hooks(when: keyof ICommandHooks, outputDir: string): void {
    const commands = hookCommands(this.options, when, this.container.mounts.inside(dirname(this.options.manifestPath)), OUTPUT);
    // Those before cargo run in cargo's own container, since they may install what it needs.
    if (when === 'beforeBundling' || commands.length === 0) {
      return;
    }
    const outcome = this.inContainer(outputDir, (copy) => this.container.run(['bash', '-ec', script(commands)], outputDir, copy));
    if (!outcome.ok) {
      throw new UserError(`bundling.commandHooks.afterBundling: the commands in the container ${ending(outcome)}: ${JSON.stringify(commands)}`);
    }
  }

  public build(binaries: Binary[], lambdaDir: string): BuildMessages {
    const args = ['cargo', ...cargoArguments(this.options, binaries, OUTPUT)];
    const before = hookCommands(this.options, 'beforeBundling', this.container.mounts.inside(dirname(this.options.manifestPath)), OUTPUT);
    // The arguments of cargo stay arguments, whatever is in them.
    const command = this.options.docker.command
      ?? (before.length === 0 ? args : ['bash', '-ec', `${script(before)}\nexec "$@"`, 'bash', ...args]);
    const outcome = this.inContainer(lambdaDir, (copy) => this.container.run(command, lambdaDir, copy), true);
    if (!outcome.ok) {
      throw buildFailed(binaries, `docker ${ending(outcome)}`);
    }
    const [flat, folder] = [join(lambdaDir, 'bootstrap'), join(lambdaDir, binaries[0].name)];
    if (binaries.length === 1 && existsSync(flat) && !existsSync(folder)) {
      // A command of the user's own, which leaves the binary where an asset has it.
      mkdirSync(folder);
      renameSync(flat, join(folder, 'bootstrap'));
    }
    return parseMessages(outcome.stdout, (path) => this.container.outside(path));
  }

  private inContainer<T>(output: string, action: (copy?: VolumeCopy) => T, withTarget = false): T {
    if (!this.container.copies) {
      return action();
    }
    const copy = new VolumeCopy(this.options.docker);
    try {
      const volumes = [...this.container.mounts.volumes(), { hostPath: output, containerPath: OUTPUT }];
      copy.start(volumes.map((volume) => volume.containerPath));
      volumes.forEach((volume) => copy.copyIn(volume.hostPath, volume.containerPath));
      copy.handOver();
      const result = action(copy);
      copy.copyOut(OUTPUT, output);
      if (withTarget) {
        copy.copyOut(TARGET, this.container.targetDirectory);
      }
      return result;
    } finally {
      copy.remove();
    }
  }
}

/** Commands of a hook. What they print is for people; standard output is for cargo's messages. */
function script(commands: string[]): string {
  return `{\n${commands.join('\n')}\n} 1>&2`;
}

