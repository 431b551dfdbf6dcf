import { join } from 'node:path';
import { CargoPackage, CargoWorkspace } from './metadata';
import { UserError } from '../../util/user-error';
import { BuildOptions } from '../options/options';

/** The options that choose a binary. */
export type BinaryChoice = Pick<BuildOptions, 'manifestPath' | 'packageName' | 'binaryName'>;

/** A binary of a package. */
export interface Binary {
  readonly package: CargoPackage;
  readonly name: string;
}

const SET_PACKAGE = 'set bundling.packageName (in deploy.toml: [build] package)';
const SET_BINARY = 'set binaryName (in deploy.toml: [build] binary)';

/**
 * Return the binary that the options choose.
 *
 * The Cargo.toml of a package chooses from that package. The Cargo.toml of a workspace chooses from its own package first, then from all
 * of its members.
 *
 * @throws UserError if no binary matches, or more than one
 */
export function chooseBinary(workspace: CargoWorkspace, options: BinaryChoice): Binary {
  const all = workspace.packages.filter((pkg) => options.packageName === undefined || pkg.name === options.packageName);
  if (workspace.packages.length === 0) {
    throw new UserError(`the workspace of ${options.manifestPath} has no packages: add one to "members" in its [workspace]`);
  }
  if (options.packageName !== undefined && all.length === 0) {
    const known = quotedList(workspace.packages.map((pkg) => pkg.name));
    throw new UserError(`no package "${options.packageName}" in the workspace of ${options.manifestPath}: it has ${known}; `
      + `${SET_PACKAGE} to one of them`);
  }
  const own = all.filter((pkg) => pkg.manifestPath === options.manifestPath);
  const isRoot = options.manifestPath === join(workspace.root, 'Cargo.toml');
  const scopes = own.length > 0 ? (isRoot ? [own, all] : [own]) : [all];
  for (const packages of scopes) {
    const binaries = packages.flatMap((pkg) => candidates(pkg, options.binaryName));
    if (binaries.length === 1) {
      return binaries[0];
    }
    if (binaries.length > 1) {
      throw ambiguous(binaries, options);
    }
  }
  throw missing(scopes[scopes.length - 1], options);
}

/**
 * Return all binaries of a workspace.
 *
 * @throws UserError if there are none, or if two have the same name
 */
export function allBinaries(workspace: CargoWorkspace, options: BinaryChoice): Binary[] {
  const binaries = workspace.packages.flatMap((pkg) => pkg.bins.map((name) => ({ package: pkg, name })));
  if (binaries.length === 0) {
    throw missing(workspace.packages, options);
  }
  const twice = binaries.filter((binary, index) => binaries.findIndex((other) => other.name === binary.name) !== index);
  if (twice.length > 0) {
    throw new UserError(`several packages in the workspace of ${options.manifestPath} have a binary "${twice[0].name}": `
      + 'list the binaries to build in "binaries", or rename one');
  }
  return binaries;
}

function candidates(pkg: CargoPackage, binaryName: string | undefined): Binary[] {
  const names = binaryName !== undefined ? pkg.bins.filter((bin) => bin === binaryName)
    : pkg.defaultRun !== undefined ? [pkg.defaultRun] : pkg.bins;
  return names.map((name) => ({ package: pkg, name }));
}

function ambiguous(binaries: Binary[], options: BinaryChoice): UserError {
  if (options.binaryName !== undefined) {
    return new UserError(`several packages in the workspace of ${options.manifestPath} have a binary "${options.binaryName}": ${
      quotedList(binaries.map((binary) => binary.package.name))}; ${SET_PACKAGE} to the one you mean`);
  }
  return new UserError(`${options.manifestPath} has several binaries: ${quotedList(binaries.map((binary) => binary.name))}; `
    + `${SET_BINARY} to the one you mean`);
}

function missing(packages: CargoPackage[], options: BinaryChoice): UserError {
  const bins = packages.flatMap((pkg) => pkg.bins);
  if (bins.length === 0) {
    return new UserError(`${options.manifestPath} has no binary (packages: ${quotedList(packages.map((pkg) => pkg.name))}): `
      + 'add a src/main.rs, or set manifestPath to a package that has one');
  }
  return new UserError(`no binary "${options.binaryName}" in ${options.manifestPath}: it has ${quotedList(bins)}; `
    + `${SET_BINARY} to one of them`);
}

function quotedList(names: string[]): string {
  return [...new Set(names)].sort().map((name) => `"${name}"`).join(', ');
}
