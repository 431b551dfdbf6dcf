import type { LiveAlias } from './live-alias';
import { parseOrigin } from './origin';
import { listPublishedVersions } from './published-versions';
import type { AwsTarget } from '../aws/clients';
import type { DeployedFunction } from '../stack/deployed-servers';
import { colour, printTable } from '../util/terminal';

/** A version, as `rollback --list` shows it. */
export interface VersionEntry {
  readonly version: string;

  /** If true, it gets the traffic. */
  readonly live: boolean;

  /** If true, the last deployment published it. */
  readonly deployed: boolean;

  /** When it was published, in ISO 8601. */
  readonly published?: string;

  /** The git commit, with a `+` if there were uncommitted changes. */
  readonly commit?: string;

  /** The version that was live before it was deployed. */
  readonly before?: string;
  readonly asset?: string;
}

/** Read the versions of a function, newest first. */
export async function listVersions(target: AwsTarget, { name, deployed }: DeployedFunction, live?: LiveAlias): Promise<VersionEntry[]> {
  return (await listPublishedVersions(target, name)).map(({ version, published, asset, codeSha256, note }) => ({
    version,
    live: version === live?.version,
    deployed: version === deployed,
    published: published?.toISOString(),
    ...parseOrigin(note),
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
