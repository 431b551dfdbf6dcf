import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findUp } from '../../util/files';
import { UserError } from '../../util/user-error';
import type { Deployment } from '../load/deploy-file';

type Widget = Deployment['widgets'][number];

/** A program with its arguments. */
export type Command = readonly string[];

/** Package managers by lockfile, with the command that installs the locked packages. */
const LOCKFILES: ReadonlyArray<readonly [file: string, program: string, install: readonly string[]]> = [
  ['package-lock.json', 'npm', ['ci']],
  ['npm-shrinkwrap.json', 'npm', ['ci']],
  ['pnpm-lock.yaml', 'pnpm', ['install', '--frozen-lockfile']],
  ['bun.lock', 'bun', ['install', '--frozen-lockfile']],
  ['bun.lockb', 'bun', ['install', '--frozen-lockfile']],
  ['yarn.lock', 'yarn', ['install', '--frozen-lockfile']],
];

/** Commands that build a widget: those in deploy.toml, or those of the package manager whose lockfile exists. */
export function commandsOf(widget: Widget, folder: string, root: string): Command[] {
  if (widget.install && widget.build) return [widget.install, widget.build];
  if (!existsSync(join(folder, 'package.json'))) {
    if (widget.build) return [...(widget.install ? [widget.install] : []), widget.build];
    throw new UserError(`widget ${widget.path}: there is no package.json in ${folder}; set "build" in [[widgets]] to the command that `
      + 'builds it');
  }
  const [program, install] = packageManager(folder, root);
  return [widget.install ?? [program, ...install], widget.build ?? [program, 'run', 'build']];
}

type Installer = readonly [program: string, install: readonly string[]];

/** The nearest lockfile upwards, because packages of a workspace share the lockfile of its root. */
function packageManager(folder: string, root: string): Installer {
  return findUp<Installer>(folder, (at) => {
    const found = LOCKFILES.find(([file]) => existsSync(join(at, file)));
    if (found?.[1] === 'yarn' && existsSync(join(at, '.yarnrc.yml'))) return ['yarn', ['install', '--immutable']];
    return found && [found[1], found[2]];
  }, root) ?? ['npm', ['install']];
}
