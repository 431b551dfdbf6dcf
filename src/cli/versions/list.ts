import { readNote } from './commit';
import { publishedVersions, type LiveState } from './functions';
import type { AwsTarget } from '../aws/clients';
import type { DeployedFunction } from '../stack/deployed-servers';
import { colour, printTable } from '../util/terminal';

/** A version, as people choose one. */
export interface VersionEntry {
  readonly version: string;

  /** Gets the traffic. */
  readonly live: boolean;

  /** Is what the newest deployment made. */
  readonly deployed: boolean;

  /** When it was published, in ISO 8601. */
  readonly published?: string;

  /** With a `+` when something was not committed. */
  readonly commit?: string;

  /** The version that was live before it was deployed. */
  readonly before?: string;
  readonly asset?: string;
}

/** The versions of a function, newest first. */
export async function versionEntries(target: AwsTarget, { name, deployed }: DeployedFunction, live?: LiveState): Promise<VersionEntry[]> {
  return (await publishedVersions(target, name)).map(({ version, published, asset, codeSha256, note }) => ({
    version,
    live: version === live?.version,
    deployed: version === deployed,
    published: published?.toISOString(),
    ...readNote(note),
    asset: asset ?? codeSha256,
  }));
}

export async function printVersions(entries: readonly VersionEntry[]): Promise<void> {
  await printTable(entries.map(({ version, live, deployed, published = '', commit = '', asset = '' }) => [
    live ? colour.green(version) : version,
    [live && colour.green('live'), deployed && 'deployed'].filter(Boolean).join(', '),
    published.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
    commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1'),
    asset.slice(0, 12),
  ]), ['version', '', 'published', 'commit', 'asset']);
}
