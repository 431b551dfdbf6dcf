import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { cargoArguments } from './arguments';
import { Binary } from './choose';
import { BuildMessages, parseMessages } from './dep-info';
import { Workspace } from './metadata';
import { BuildOptions } from './options';
import { ending, run } from './run';
import { Versions } from './toolchain';
import { ICommandHooks } from './types';
import { UserError } from './user-error';

/** Something that compiles: this machine's tools, or those of a container. */
export interface Builder {
  readonly workspace: Workspace;
  readonly versions: Versions;
  readonly env: NodeJS.ProcessEnv;
  /** Runs the user's commands, which may add files to a folder. */
  hooks(when: keyof ICommandHooks, outputDir: string): void;
  /** Compiles binaries, each to `<lambdaDir>/<binary>/bootstrap`, and returns what cargo says of it, with paths of this machine. */
  build(binaries: Binary[], lambdaDir: string): BuildMessages;
}

/** Builds with the tools of this machine. */
export class LocalBuilder implements Builder {
  constructor(
    public readonly workspace: Workspace, public readonly versions: Versions, public readonly env: NodeJS.ProcessEnv,
    private readonly options: BuildOptions,
  ) {}

  public hooks(when: keyof ICommandHooks, outputDir: string): void {
    const cwd = dirname(this.options.manifestPath);
    for (const command of hookCommands(this.options, when, cwd, outputDir)) {
      // A hook is by its nature a line of shell, of the app's author. What it prints is for people, like cargo's progress.
      const child = spawnSync(command, { shell: true, cwd, env: this.env, stdio: ['ignore', 2, 2] });
      if (child.status !== 0) {
        throw new UserError(`bundling.commandHooks.${when}: the command ${JSON.stringify(command)} ${
          child.signal ? `was stopped by ${child.signal}` : `exited with status ${child.status}`}`);
      }
    }
  }

  public build(binaries: Binary[], lambdaDir: string): BuildMessages {
    const args = cargoArguments(this.options, binaries, lambdaDir);
    const outcome = run('cargo', args, { cwd: dirname(this.options.manifestPath), env: this.env, showProgress: true });
    if (!outcome.ok) {
      throw buildFailed(binaries, `cargo ${ending(outcome)}`);
    }
    return parseMessages(outcome.stdout);
  }
}

/** The commands of a hook. */
export function hookCommands(options: BuildOptions, when: keyof ICommandHooks, inputDir: string, outputDir: string): string[] {
  return (options.hooks?.[when](inputDir, outputDir) ?? []).filter((command) => command.trim() !== '');
}

/** What to say after cargo has said why. */
export function buildFailed(binaries: Binary[], why: string): UserError {
  const names = binaries.map((binary) => `"${binary.name}" of ${binary.package.manifestPath}`).join(', ');
  return new UserError(`could not build ${names}: ${why}; its own message is above`);
}
