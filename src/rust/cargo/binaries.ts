import { join } from 'node:path';
import { Package, Workspace } from './metadata';
import { UserError } from '../../util/user-error';
import { BuildOptions } from '../options/options';

/** What says which binary is meant. */
export type Choice = Pick<BuildOptions, 'manifestPath' | 'packageName' | 'binaryName'>;

/** A binary of a package. */
export interface Binary {
  readonly package: Package;
  readonly name: string;
}

/**
 * The binary that the options mean.
 *
 * The Cargo.toml of a package means that package; the Cargo.toml of a workspace means all its members, and its own package first.
 */
export function chooseBinary(workspace: Workspace, options: Choice): Binary {
  const all = workspace.packages.filter((pkg) => options.packageName === undefined || pkg.name === options.packageName);
  if (workspace.packages.length === 0) {
    throw new UserError(`the workspace of ${options.manifestPath} has no packages: add one to "members" in its [workspace]`);
  }
  if (options.packageName !== undefined && all.length === 0) {
    throw new UserError(`no package "${options.packageName}" in the workspace of ${options.manifestPath}: it has ${list(workspace.packages.map((pkg) => pkg.name))}; `
      + 'set bundling.packageName (in deploy.toml: [build] package) to one of them');
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

/** All binaries of a workspace. */
export function allBinaries(workspace: Workspace, options: Choice): Binary[] {
  const binaries = workspace.packages.flatMap((pkg) => pkg.bins.map((name) => ({ package: pkg, name })));
  if (binaries.length === 0) {
    throw missing(workspace.packages, options);
  }
  const twice = binaries.filter((binary, index) => binaries.findIndex((other) => other.name === binary.name) !== index);
  if (twice.length > 0) {
    throw new UserError(`several packages in the workspace of ${options.manifestPath} have a binary "${twice[0].name}": `
      + 'name the binaries that are meant, or rename one');
  }
  return binaries;
}

function candidates(pkg: Package, binaryName: string | undefined): Binary[] {
  const names = binaryName !== undefined ? pkg.bins.filter((bin) => bin === binaryName)
    : pkg.defaultRun !== undefined ? [pkg.defaultRun] : pkg.bins;
  return names.map((name) => ({ package: pkg, name }));
}

function ambiguous(binaries: Binary[], options: Choice): UserError {
  if (options.binaryName !== undefined) {
    return new UserError(`several packages in the workspace of ${options.manifestPath} have a binary "${options.binaryName}": ${
      list(binaries.map((binary) => binary.package.name))}; set bundling.packageName (in deploy.toml: [build] package) to the one you mean`);
  }
  return new UserError(`${options.manifestPath} has several binaries: ${list(binaries.map((binary) => binary.name))}; set binaryName (in deploy.toml: [build] binary) to the one you mean`);
}

function missing(packages: Package[], options: Choice): UserError {
  const bins = packages.flatMap((pkg) => pkg.bins);
  if (bins.length === 0) {
    return new UserError(`${options.manifestPath} has no binary, only ${list(packages.map((pkg) => pkg.name))} without one: `
      + 'add a src/main.rs, or set manifestPath to a package that has one');
  }
  return new UserError(`no binary "${options.binaryName}" in ${options.manifestPath}: it has ${list(bins)}; set binaryName (in deploy.toml: [build] binary) to one of them`);
}

function list(names: string[]): string {
  return [...new Set(names)].sort().map((name) => `"${name}"`).join(', ');
}
