import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Listing } from './listing';
import { ancestors } from '../../util/files';
import { Binary } from '../cargo/binaries';
import { configPlaces, configThatMatters, includedConfigs, readToml } from '../cargo/config-files';
import { BuildMessages, readDepInfo, readWatched, Unit, watchedPath } from '../cargo/dep-info';
import { packageFolders } from '../cargo/local-packages';
import { Workspace } from '../cargo/metadata';
import { nearestToolchainFile, toolchainPlaces } from '../cargo/toolchain';

/** What a binary depends on. */
export interface Inputs {
  /** The files, by a name that is the same on every machine. */
  readonly files: Map<string, string>;
  /** Text that counts like a file, by name. */
  readonly texts: Map<string, string>;
  /** Lists of files that must stay the same, by name; their files count too. */
  readonly listings: Map<string, Listing>;
  /** Files that are watched, but do not count by themselves: they may appear, or say which of the others count. */
  readonly watched: Set<string>;
  /** Environment variables that the code or a build script reads. */
  readonly env: Set<string>;
}

/** Where and how a binary was built. */
export interface Built {
  readonly workspace: Workspace;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly messages: BuildMessages;
  readonly binary: Binary;
  /** The binary as cargo made it. */
  readonly file: string;
  /** The packages that were built together with it. */
  readonly together: string[];
}

/** Finds out, from what cargo left behind, what a binary depends on. */
export function collectInputs(built: Built): Inputs {
  const inputs: Inputs = { files: new Map(), texts: new Map(), listings: new Map(), watched: new Set(), env: new Set() };
  const { workspace, messages } = built;
  const closure = localClosure(workspace.root, built.binary.package);
  const local = messages.units.filter((unit) => unit.isLocal && closure(unit.packageName, unit.packageVersion)
    && (!unit.isBin || unit.packageName !== built.binary.package.name || unit.target === built.binary.name));

  local.forEach((unit) => addUnit(inputs, unit, built));
  if (local.length === 0) {
    // Something else than cargo built it, and did not say from what.
    packageFolders(workspace.root).forEach((root) => addPackage(inputs, relative(workspace.root, root).split(sep).join('/'), root));
  }
  addScripts(inputs, local, built);
  // A variable counts only where it is set, so that those of other packages' registry crates do no harm.
  messages.units.filter((unit) => !unit.isLocal).map((unit) => readDepInfo(unit, workspace.root, messages.outside))
    .forEach((info) => info?.env.forEach((name) => inputs.env.add(name)));

  // Features of shared dependencies are unified over all packages that are built together.
  const manifests = messages.units.filter((unit) => unit.isLocal && (local.includes(unit) || built.together.length > 1));
  new Map(manifests.map((unit) => [unit.root, unit.packageName])).forEach((name, root) => addManifests(inputs, root, name, workspace.root));
  addWorkspace(inputs, workspace.root);
  addConfiguration(inputs, workspace.root, built.cwd, built.env);
  for (const name of [...inputs.env]) {
    if (isSetByCargo(name) || messages.scripts.some((script) => script.sets.includes(name))) {
      inputs.env.delete(name);
    }
  }
  return inputs;
}

/** The packages that a package can depend on, by Cargo.lock. */
function localClosure(root: string, start: { name: string; version: string }): (name: string, version: string) => boolean {
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

function addUnit(inputs: Inputs, unit: Unit, built: Built): void {
  const info = readDepInfo(unit, built.workspace.root, built.messages.outside, unit.isBin ? built.file : undefined);
  if (info === undefined) {
    addPackage(inputs, unit.packageName, unit.root);
    return;
  }
  info.env.forEach((name) => inputs.env.add(name));
  info.files.filter((file) => !isGenerated(file, built)).forEach((file) => addFile(inputs, unit.packageName, unit.root, file));
  // A package that gets a build script, or a library beside its binary, is another package.
  ['build.rs', 'src/lib.rs'].forEach((file) => inputs.watched.add(join(unit.root, file)));
}

function addScripts(inputs: Inputs, local: Unit[], built: Built): void {
  const roots = new Map(local.map((unit) => [`${unit.packageName} ${unit.packageVersion}`, unit.root]));
  for (const script of built.messages.scripts) {
    const watched = readWatched(script);
    watched?.env.forEach((name) => inputs.env.add(name));
    const root = roots.get(`${script.packageName} ${script.packageVersion}`);
    if (!script.isLocal || root === undefined) {
      continue;
    }
    if (watched === undefined) {
      addPackage(inputs, script.packageName, root);
    }
    for (const path of watched?.paths ?? []) {
      const file = watchedPath(built.messages.outside(path), root);
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

/** Made by the build itself, from other inputs. */
function isGenerated(file: string, built: Built): boolean {
  const folders = [built.workspace.targetDirectory, ...built.messages.scripts.map((script) => script.outDir)];
  return folders.some((folder) => file.startsWith(folder + sep));
}

function addFile(inputs: Inputs, name: string, root: string, file: string): void {
  inputs.files.set(logicalName(name, root, file), file);
}

function logicalName(name: string, root: string, file: string): string {
  return `${name}: ${relative(root, file).split(sep).join('/')}`;
}

/** The Cargo.toml of a package, and of the workspace that it inherits from when that is not the one that is built. */
function addManifests(inputs: Inputs, root: string, name: string, workspaceRoot: string): void {
  addFile(inputs, name, root, join(root, 'Cargo.toml'));
  if (root !== workspaceRoot && !root.startsWith(workspaceRoot + sep)) {
    const above = ancestors(dirname(root)).map((folder) => join(folder, 'Cargo.toml'))
      .find((file) => existsSync(file) && /^\s*\[workspace[\].]/m.test(readFileSync(file, 'utf-8')));
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
  const places = configPlaces(cwd, env);
  const present = places.filter((file) => existsSync(file));
  const files = [...new Set([...present, ...present.flatMap(includedConfigs)])];
  [...places, ...files].forEach((file) => inputs.watched.add(file));
  for (const file of files) {
    if (file.startsWith(root + sep)) {
      inputs.files.set(`workspace: ${relative(root, file).split(sep).join('/')}`, file);
    } else if (configThatMatters(file) !== '') {
      inputs.texts.set(`configuration ${inputs.texts.size}`, configThatMatters(file));
    }
  }
  toolchainPlaces(cwd).forEach((file) => inputs.watched.add(file));
  const toolchain = nearestToolchainFile(cwd);
  if (toolchain?.startsWith(root + sep)) {
    inputs.files.set('rust-toolchain', toolchain);
  }
  // cargo-lambda's own configuration.
  inputs.files.set('workspace: CargoLambda.toml', join(cwd, 'CargoLambda.toml'));
}

/** Variables that cargo and rustup set, and those of one machine and one user. */
function isSetByCargo(name: string): boolean {
  return /^(CARGO|CARGO_(PKG|MANIFEST|BIN|CRATE|PRIMARY|CFG|FEATURE|BUILD|TARGET)_.*|CARGO_(MANIFEST_DIR|TARGET_DIR|HOME|MAKEFLAGS)|DEP_.*|OUT_DIR|TARGET|HOST|NUM_JOBS|OPT_LEVEL|DEBUG|PROFILE|RUSTC|RUSTDOC|RUSTC_LINKER|RUSTC_WRAPPER|RUSTC_WORKSPACE_WRAPPER|RUSTUP_HOME|PATH|HOME|PWD|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|TERM)$/.test(name);
}
