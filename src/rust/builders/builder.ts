import { dirname } from 'node:path';
import { withheldNote } from '../../util/process/build-environment';
import { ending, show } from '../../util/process/exec';
import { say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { Binary } from '../cargo/binaries';
import { cargoArguments } from '../cargo/build-arguments';
import { BuildMessages, parseMessages } from '../cargo/dep-info';
import { Workspace } from '../cargo/metadata';
import { Versions } from '../cargo/toolchain';
import { BuildOptions } from '../options/options';
import { ICommandHooks } from '../types';

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
      const outcome = show('shell', command, [], { cwd, env: this.env });
      if (!outcome.ok) {
        throw new UserError(`bundling.commandHooks.${when}: the command ${JSON.stringify(command)} ${ending(outcome)}`);
      }
    }
  }

  public build(binaries: Binary[], lambdaDir: string): BuildMessages {
    const args = cargoArguments(this.options, binaries, lambdaDir);
    const outcome = show('progress', 'cargo', args, { cwd: dirname(this.options.manifestPath), env: this.env });
    if (!outcome.ok) {
      const note = withheldNote(process.env, this.env);
      if (note !== undefined) {
        say(note);
      }
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
