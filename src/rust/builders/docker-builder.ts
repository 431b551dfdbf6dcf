import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DockerVolume } from 'aws-cdk-lib';
import { Builder, buildError, hookCommands } from './builder';
import { BuildContainer } from './container';
import { OUTPUT, TARGET } from './docker';
import { VolumeCopy } from './docker-volumes';
import { describeExit } from '../../util/process/exec';
import { UserError } from '../../util/user-error';
import { Binary } from '../cargo/binaries';
import { cargoLambdaArguments } from '../cargo/build-arguments';
import { BuildMessages, parseMessages } from '../cargo/build-messages';
import { CargoWorkspace } from '../cargo/metadata';
import { Versions } from '../cargo/toolchain';
import { BuildOptions } from '../options/options';
import { ICommandHooks } from '../types';

/** Builder with the tools of a container. */
export class DockerBuilder implements Builder {
  public readonly workspace: CargoWorkspace;

  constructor(
    workspace: CargoWorkspace, public readonly versions: Versions, public readonly env: NodeJS.ProcessEnv,
    private readonly options: BuildOptions, private readonly container: BuildContainer,
  ) {
    this.workspace = { ...workspace, targetDirectory: container.targetDirectory };
  }

  public runHooks(when: keyof ICommandHooks, outputDir: string): void {
    const commands = this.hookCommands(when);
    // `build` runs the hooks before cargo in the same container as cargo, since they may install packages that it needs.
    if (when === 'beforeBundling' || commands.length === 0) {
      return;
    }
    const command = ['bash', '-ec', shellScript(commands)];
    const result = this.withFiles(outputDir, (copy) => this.container.run(command, { output: outputDir, copy }));
    if (!result.ok) {
      throw new UserError(`bundling.commandHooks.afterBundling: the commands in the container ${describeExit(result)}: ${
        JSON.stringify(commands)}`);
    }
  }

  public build(binaries: Binary[], lambdaDir: string): BuildMessages {
    const args = ['cargo', ...cargoLambdaArguments(this.options, binaries, OUTPUT)];
    const before = this.hookCommands('beforeBundling');
    // The shell gets cargo's arguments as parameters, so it does not interpret them.
    const command = this.options.docker.command
      ?? (before.length === 0 ? args : ['bash', '-ec', `${shellScript(before)}\nexec "$@"`, 'bash', ...args]);
    const result = this.withFiles(lambdaDir, (copy) => this.container.run(command, { output: lambdaDir, copy }), true);
    if (!result.ok) {
      throw buildError(binaries, `docker ${describeExit(result)}`);
    }
    const [flat, folder] = [join(lambdaDir, 'bootstrap'), join(lambdaDir, binaries[0].name)];
    if (binaries.length === 1 && existsSync(flat) && !existsSync(folder)) {
      // The user's own command left the binary where an asset has it.
      mkdirSync(folder);
      renameSync(flat, join(folder, 'bootstrap'));
    }
    return parseMessages(result.stdout, (path) => this.container.toHostPath(path));
  }

  private hookCommands(when: keyof ICommandHooks): string[] {
    return hookCommands(this.options, when, this.container.mounts.toContainerPath(dirname(this.options.manifestPath)), OUTPUT);
  }

  /** Run an action. With VOLUME_COPY, the sources are copied to the daemon before it, and the results back after it. */
  private withFiles<T>(output: string, action: (copy?: VolumeCopy) => T, withTarget = false): T {
    if (!this.container.copiesFiles) {
      return action();
    }
    const copy = new VolumeCopy(this.options.docker);
    try {
      const volumes: DockerVolume[] = [...this.container.mounts.volumes(), { hostPath: output, containerPath: OUTPUT }];
      copy.start(volumes.map((volume) => volume.containerPath));
      volumes.forEach((volume) => copy.copyIn(volume.hostPath, volume.containerPath));
      copy.changeOwner();
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

/** Return a script that runs commands. Their output goes to standard error, since standard output is for cargo's messages. */
function shellScript(commands: string[]): string {
  return `{\n${commands.join('\n')}\n} 1>&2`;
}
