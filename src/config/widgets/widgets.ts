import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { FileSystem, IgnoreMode, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { installEnvironment, widgetEnvironment } from './environment';
import { commandsOf } from './package-manager';
import { runWidgetCommand } from './widget-command';
import { readWorkspace } from '../../rust/cargo/metadata';
import { cacheFolder } from '../../util/cache-dir';
import { toolEnvironment } from '../../util/process/which';
import { UserError } from '../../util/user-error';
import type { Deployment } from '../load/deploy-file';

type Widget = Deployment['widgets'][number];

/**
 * Build the widgets of a server whose sources or output changed since the last build.
 *
 * Nothing is built for stacks that are only listed or destroyed.
 *
 * @throws UserError if a folder is missing, a command fails, or a build produces no output
 */
export function buildWidgets(scope: Construct, { widgets, build }: Deployment, root: string): void {
  if (!Stack.of(scope).bundlingRequired) return;
  const rebuilt = widgets.filter((widget) => buildWidget(widget, root));
  touchCrates(rebuilt.flatMap((widget) => widget.embedded_in_crates), join(root, build.manifest_path));
}

/** Globs of the widgets' outputs, relative to the folder of Cargo.toml. A change of them rebuilds the crate. */
export function widgetOutputs({ widgets, build }: Deployment, root: string): string[] {
  const base = dirname(join(root, build.manifest_path));
  return widgets.map((widget) => relative(base, join(root, widget.path, widget.output_dir)).replace(/\\/g, '/'))
    .filter((folder) => !folder.startsWith('../'))
    .map((folder) => `${folder}/**`);
}

function buildWidget(widget: Widget, root: string): boolean {
  const folder = join(root, widget.path);
  const output = join(folder, widget.output_dir);
  if (!existsSync(folder)) throw new UserError(`widget ${widget.path}: folder ${folder} does not exist; correct "path" in [[widgets]]`);

  const commands = commandsOf(widget, folder, root);
  const stampFile = join(cacheFolder(), 'widgets', `${hash(folder)}.json`);
  const stamp = () => JSON.stringify([
    commands, sourcesOf(folder, widget.output_dir), existsSync(output) && FileSystem.fingerprint(output),
  ]);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf-8') === stamp()) return false;

  // The last command builds. The one before it, if any, installs packages.
  for (const command of commands) {
    runWidgetCommand(widget.path, command, folder, (command === commands.at(-1) ? widgetEnvironment : installEnvironment)(folder, root));
  }
  if (!existsSync(output)) {
    throw new UserError(`widget ${widget.path}: its build did not create the folder ${widget.output_dir}; set "output_dir" in `
      + '[[widgets]] to the folder that it writes');
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp());
  return true;
}

function sourcesOf(folder: string, output: string): string {
  const exclude = [`/${output.replace(/\\/g, '/')}`, 'node_modules', '.git'];
  return FileSystem.fingerprint(folder, { exclude, ignoreMode: IgnoreMode.GIT });
}

/**
 * Let cargo recompile crates whose macros embed whole folders. It does not know that they read the widgets.
 */
function touchCrates(names: readonly string[], manifestPath: string): void {
  if (names.length === 0) return;
  const { packages } = readWorkspace(manifestPath, toolEnvironment({}));
  for (const name of new Set(names)) {
    const found = packages.find((each) => each.name === name);
    if (!found) {
      throw new UserError(`embedded_in_crates in [[widgets]] has "${name}", which is not a package of ${manifestPath}; its packages `
        + `are ${packages.map((each) => each.name).join(', ')}`);
    }
    for (const file of ['src/lib.rs', 'src/main.rs', 'build.rs'].map((path) => join(dirname(found.manifestPath), path))) {
      if (existsSync(file)) utimesSync(file, new Date(), new Date());
    }
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
