import { dirname } from 'node:path';
import { withheldNote } from '../../util/process/build-environment';
import { describeExit, runShown } from '../../util/process/exec';
import { say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { Binary } from '../cargo/binaries';
import { cargoLambdaArguments } from '../cargo/build-arguments';
import { BuildMessages, parseMessages } from '../cargo/build-messages';
import { CargoWorkspace } from '../cargo/metadata';
import { Versions } from '../cargo/toolchain';
import { BuildOptions } from '../options/options';
import { ICommandHooks } from '../types';

/** Builder of binaries, with the tools of this machine or those of a container. */
export interface Builder {
  readonly workspace: CargoWorkspace;
  readonly versions: Versions;
  readonly env: NodeJS.ProcessEnv;
  /** Run the user's commands, which may add files to a folder. */
  runHooks(when: keyof ICommandHooks, outputDir: string): void;
  /** Compile each binary to `<lambdaDir>/<binary>/bootstrap`. Returns the messages of cargo, with paths on this machine. */
  build(binaries: Binary[], lambdaDir: string): BuildMessages;
}

/** Builder with the tools of this machine. */
export class LocalBuilder implements Builder {
  constructor(
    public readonly workspace: CargoWorkspace, public readonly versions: Versions, public readonly env: NodeJS.ProcessEnv,
    private readonly options: BuildOptions,
  ) {}

  public runHooks(when: keyof ICommandHooks, outputDir: string): void {
    const cwd = dirname(this.options.manifestPath);
    for (const command of hookCommands(this.options, when, cwd, outputDir)) {
      // The author of the app wrote it as a line of shell. Its output is shown like cargo's progress.
      const result = runShown('shell', command, [], { cwd, env: this.env });
      if (!result.ok) {
        throw new UserError(`bundling.commandHooks.${when}: the command ${JSON.stringify(command)} ${describeExit(result)}`);
      }
    }
  }

  public build(binaries: Binary[], lambdaDir: string): BuildMessages {
    const args = cargoLambdaArguments(this.options, binaries, lambdaDir);
    const result = runShown('progress', 'cargo', args, { cwd: dirname(this.options.manifestPath), env: this.env });
    if (!result.ok) {
      const note = withheldNote(process.env, this.env);
      if (note !== undefined) {
        say(note);
      }
      throw buildError(binaries, `cargo ${describeExit(result)}`);
    }
    return parseMessages(result.stdout);
  }
}

/** Return the commands of a hook, without empty ones. */
export function hookCommands(options: BuildOptions, when: keyof ICommandHooks, inputDir: string, outputDir: string): string[] {
  return (options.hooks?.[when](inputDir, outputDir) ?? []).filter((command) => command.trim() !== '');
}

/** Return the error of a failed build. Cargo has already printed the reason. */
export function buildError(binaries: Binary[], exit: string): UserError {
  const names = binaries.map((binary) => `"${binary.name}" of ${binary.package.manifestPath}`).join(', ');
  return new UserError(`could not build ${names}: ${exit}; its own message is above`);
}
