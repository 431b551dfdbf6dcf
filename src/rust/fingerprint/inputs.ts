import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Listing } from './listing';
import { findUp } from '../../util/files';
import { Binary } from '../cargo/binaries';
import { BuildMessages, Unit } from '../cargo/build-messages';
import { readScriptInputs, resolveScriptPath } from '../cargo/build-scripts';
import { configPaths, includedConfigs, readToml, relevantConfig } from '../cargo/config-files';
import { readDepInfo } from '../cargo/dep-info';
import { packageFolders } from '../cargo/local-packages';
import { CargoWorkspace } from '../cargo/metadata';
import { nearestToolchainFile, toolchainFilePaths } from '../cargo/toolchain';

const SET_BY_CARGO = [
  'CARGO', 'CARGO_(PKG|MANIFEST|BIN|CRATE|PRIMARY|CFG|FEATURE|BUILD|TARGET)_.*', 'CARGO_(MANIFEST_DIR|TARGET_DIR|HOME|MAKEFLAGS)', 'DEP_.*',
  'OUT_DIR', 'TARGET', 'HOST', 'NUM_JOBS', 'OPT_LEVEL', 'DEBUG', 'PROFILE', 'RUSTC', 'RUSTDOC', 'RUSTC_LINKER', 'RUSTC_WRAPPER',
  'RUSTC_WORKSPACE_WRAPPER', 'RUSTUP_HOME',
];
const SET_BY_SYSTEM = ['PATH', 'HOME', 'PWD', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TEMP', 'TMP', 'TERM'];

/** Variables that cargo and rustup set, and those of one machine or one user. They are not hashed. */
const IGNORED_VARIABLES = new RegExp(`^(${[...SET_BY_CARGO, ...SET_BY_SYSTEM].join('|')})$`);

/** Everything that a binary depends on. */
export interface Inputs {
  /** Paths of files, by a name that is the same on every machine. */
  readonly files: Map<string, string>;
  /** Texts that are hashed like files, by name. */
  readonly texts: Map<string, string>;
  /** Sets of files, by name. Their files are hashed too. */
  readonly listings: Map<string, Listing>;
  /** Files that are not hashed. If one changes, appears or disappears, cargo runs again. */
  readonly watched: Set<string>;
  /** Environment variables that the code or a build script reads. */
  readonly env: Set<string>;
}

/** How a binary was built. */
export interface BuildResult {
  readonly workspace: CargoWorkspace;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly messages: BuildMessages;
  readonly binary: Binary;
  /** Path of the binary that cargo wrote. */
  readonly file: string;
  /** Names of all binaries that were built together, with this one. */
  readonly together: string[];
}

/** Collect the inputs of a binary from the messages and files that cargo and rustc have written. */
export function collectInputs(built: BuildResult): Inputs {
  const inputs: Inputs = { files: new Map(), texts: new Map(), listings: new Map(), watched: new Set(), env: new Set() };
  const { workspace, messages } = built;
  const isDependency = dependencyClosure(workspace.root, built.binary.package);
  const local = messages.units.filter((unit) => unit.isLocal && isDependency(unit.packageName, unit.packageVersion)
    && (!unit.isBin || unit.packageName !== built.binary.package.name || unit.target === built.binary.name));

  local.forEach((unit) => addUnit(inputs, unit, built));
  if (local.length === 0) {
    // Another program than cargo built it, for example `command` of DockerOptions: all packages count.
    packageFolders(workspace.root).forEach((root) => addPackage(inputs, relative(workspace.root, root).split(sep).join('/'), root));
  }
  addScripts(inputs, local, built);
  // Only variables that are set are hashed, so the variables of crates that other packages use do no harm.
  messages.units.filter((unit) => !unit.isLocal).map((unit) => readDepInfo(unit, workspace.root, messages.toHostPath))
    .forEach((info) => info?.env.forEach((name) => inputs.env.add(name)));

  // Cargo unifies the features of shared dependencies over all packages that it builds together.
  const manifests = messages.units.filter((unit) => unit.isLocal && (local.includes(unit) || built.together.length > 1));
  new Map(manifests.map((unit) => [unit.root, unit.packageName])).forEach((name, root) => addManifests(inputs, root, name, workspace.root));
  addWorkspace(inputs, workspace.root);
  addConfiguration(inputs, workspace.root, built.cwd, built.env);
  for (const name of [...inputs.env]) {
    if (IGNORED_VARIABLES.test(name) || messages.scripts.some((script) => script.sets.includes(name))) {
      inputs.env.delete(name);
    }
  }
  return inputs;
}

/** Return a predicate for the packages that a package depends on in Cargo.lock, directly or not. */
function dependencyClosure(root: string, start: { name: string; version: string }): (name: string, version: string) => boolean {
  type Locked = { name: string; version: string; dependencies?: string[] };
  const lock = join(root, 'Cargo.lock');
  const packages = (existsSync(lock) ? readToml(lock).package : undefined) as Locked[] | undefined;
  if (packages === undefined) {
    return () => true;
  }
  const named = new Map<string, Locked[]>();
  packages.forEach((pkg) => named.set(pkg.name, [...named.get(pkg.name) ?? [], pkg]));
  const reached = new Set<string>();
  const queue = [`${start.name} ${start.version}`];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [name, version] = next.split(' ');
    for (const pkg of named.get(name) ?? []) {
      const id = `${pkg.name} ${pkg.version}`;
      if ((version === undefined || version === pkg.version) && !reached.has(id)) {
        reached.add(id);
        queue.push(...pkg.dependencies ?? []);
      }
    }
  }
  return (name, version) => reached.has(`${name} ${version}`);
}

function addUnit(inputs: Inputs, unit: Unit, built: BuildResult): void {
  const info = readDepInfo(unit, built.workspace.root, built.messages.toHostPath, unit.isBin ? built.file : undefined);
  if (info === undefined) {
    addPackage(inputs, unit.packageName, unit.root);
    return;
  }
  info.env.forEach((name) => inputs.env.add(name));
  info.files.filter((file) => !isGenerated(file, built)).forEach((file) => addFile(inputs, unit.packageName, unit.root, file));
  // A new build script or library of the package changes the build, although no compiled file has changed.
  ['build.rs', 'src/lib.rs'].forEach((file) => inputs.watched.add(join(unit.root, file)));
}

function addScripts(inputs: Inputs, local: Unit[], built: BuildResult): void {
  const roots = new Map(local.map((unit) => [`${unit.packageName} ${unit.packageVersion}`, unit.root]));
  for (const script of built.messages.scripts) {
    const scriptInputs = readScriptInputs(script);
    scriptInputs?.env.forEach((name) => inputs.env.add(name));
    const root = roots.get(`${script.packageName} ${script.packageVersion}`);
    if (!script.isLocal || root === undefined) {
      continue;
    }
    if (scriptInputs === undefined) {
      addPackage(inputs, script.packageName, root);
    }
    for (const path of scriptInputs?.paths ?? []) {
      const file = resolveScriptPath(built.messages.toHostPath(path), root);
      if (!isGenerated(file, built)) {
        addFile(inputs, script.packageName, root, file);
        inputs.listings.set(logicalName(script.packageName, root, file), { kind: 'tree', path: file });
      }
    }
  }
}

function addPackage(inputs: Inputs, name: string, root: string): void {
  inputs.listings.set(`package ${name}`, { kind: 'package', path: root });
}

/** Return true for a file that the build itself writes, from other inputs. */
function isGenerated(file: string, built: BuildResult): boolean {
  const folders = [built.workspace.targetDirectory, ...built.messages.scripts.map((script) => script.outDir)];
  return folders.some((folder) => file.startsWith(folder + sep));
}

function addFile(inputs: Inputs, name: string, root: string, file: string): void {
  inputs.files.set(logicalName(name, root, file), file);
}

function logicalName(name: string, root: string, file: string): string {
  return `${name}: ${relative(root, file).split(sep).join('/')}`;
}

/** Add the Cargo.toml of a package, and that of its workspace if another workspace is being built. */
function addManifests(inputs: Inputs, root: string, name: string, workspaceRoot: string): void {
  addFile(inputs, name, root, join(root, 'Cargo.toml'));
  if (root !== workspaceRoot && !root.startsWith(workspaceRoot + sep)) {
    const above = findUp(dirname(root), (folder) => {
      const file = join(folder, 'Cargo.toml');
      return existsSync(file) && /^\s*\[workspace[\].]/m.test(readFileSync(file, 'utf-8')) ? file : undefined;
    });
    if (above !== undefined) {
      addFile(inputs, name, root, above);
    }
  }
}

function addWorkspace(inputs: Inputs, root: string): void {
  for (const file of ['Cargo.toml', 'Cargo.lock']) {
    inputs.files.set(`workspace: ${file}`, join(root, file));
  }
}

function addConfiguration(inputs: Inputs, root: string, cwd: string, env: NodeJS.ProcessEnv): void {
  const paths = configPaths(cwd, env);
  const present = paths.filter((file) => existsSync(file));
  const files = [...new Set([...present, ...present.flatMap(includedConfigs)])];
  [...paths, ...files].forEach((file) => inputs.watched.add(file));
  for (const file of files) {
    if (file.startsWith(root + sep)) {
      inputs.files.set(`workspace: ${relative(root, file).split(sep).join('/')}`, file);
    } else if (relevantConfig(file) !== '') {
      inputs.texts.set(`configuration ${inputs.texts.size}`, relevantConfig(file));
    }
  }
  toolchainFilePaths(cwd).forEach((file) => inputs.watched.add(file));
  const toolchain = nearestToolchainFile(cwd);
  if (toolchain?.startsWith(root + sep)) {
    inputs.files.set('rust-toolchain', toolchain);
  }
  // The configuration of cargo-lambda.
  inputs.files.set('workspace: CargoLambda.toml', join(cwd, 'CargoLambda.toml'));
}
