import { readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type CargoPackage, readWorkspace } from '../rust/cargo/metadata';
import { toolEnvironment } from '../util/process/which';
import { parse } from '../util/smol-toml';
import { UserError } from '../util/user-error';

/** A server's crate or workspace. */
export interface Crate {
  readonly name: string;

  /** The binary to deploy, if there are several and one has the server's name. */
  readonly binary?: string;

  /** The binaries to choose from, if there are several and none has the server's name. */
  readonly undecided?: string[];
}

/** Read the Cargo.toml of a folder: a package, a workspace, or both. The server's default name is that of the crate. */
export function describeCrate(root: string, serverName?: string): Crate {
  const manifest = realpathSync(join(root, 'Cargo.toml'));
  const packages = packagesOf(manifest);
  const own = packages.find((pkg) => pkg.manifestPath === manifest);
  const withBinaries = packages.filter((pkg) => pkg.bins.length > 0);
  const name = own?.name ?? (withBinaries.length === 1 ? withBinaries[0].name : basename(dirname(manifest)));
  const bins = (own?.bins.length ? [own] : withBinaries).flatMap((pkg) => pkg.bins);
  if (bins.length < 2 || own?.defaultRun) return { name };
  const wanted = serverName ?? name;
  return bins.includes(wanted) ? { name, binary: wanted } : { name, undecided: bins };
}

function packagesOf(manifest: string): CargoPackage[] {
  try {
    return readWorkspace(manifest, toolEnvironment({})).packages;
  } catch {
    // Without cargo, only the name is known. If cargo refuses the Cargo.toml, the build reports it.
    const name = nameIn(manifest);
    return name === undefined ? [] : [{ name, version: '0.0.0', manifestPath: manifest, bins: [], features: [] }];
  }
}

function nameIn(manifest: string): string | undefined {
  try {
    return (parse(readFileSync(manifest, 'utf-8')) as { package?: { name?: string } }).package?.name;
  } catch (error) {
    throw new UserError(`${manifest} is not TOML: ${(error as Error).message.trim()}`);
  }
}
