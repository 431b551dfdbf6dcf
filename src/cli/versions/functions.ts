import type { AliasConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { aws, lambda, type AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';

/** The alias that the HTTP API calls. */
export const LIVE = 'live';

/** Where an alias points to. */
export interface LiveState {
  readonly version: string;
  readonly revision?: string;

  /** Versions that get a part of the traffic beside it. */
  readonly weighted: readonly string[];
}

/** Where the live alias points to, or undefined when the function or the alias is not there. */
export async function liveState(target: AwsTarget, name: string): Promise<LiveState | undefined> {
  return aws(target, `reading the alias ${LIVE} of ${name}`, async () => {
    const { GetAliasCommand } = await import('../aws/sdk/lambda');
    try {
      return stateOf(await (await lambda(target)).send(new GetAliasCommand({ FunctionName: name, Name: LIVE })));
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  });
}

function stateOf({ FunctionVersion = '', RevisionId, RoutingConfig }: AliasConfiguration): LiveState {
  return { version: FunctionVersion, revision: RevisionId, weighted: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}) };
}

/**
 * Points the live alias at a version, for all of the traffic.
 *
 * @param expected where the alias is now; when it was moved meanwhile, nothing is changed
 */
export async function goLive(target: AwsTarget, name: string, version: string, expected: LiveState): Promise<void> {
  await aws(target, `pointing the alias ${LIVE} of ${name} at version ${version}`, async () => {
    const { UpdateAliasCommand } = await import('../aws/sdk/lambda');
    try {
      await (await lambda(target)).send(new UpdateAliasCommand({
        FunctionName: name, Name: LIVE, FunctionVersion: version, RoutingConfig: { AdditionalVersionWeights: {} }, RevisionId: expected.revision,
      }));
    } catch (error) {
      // A try whose answer was lost may have done it.
      if ((error as Error).name !== 'PreconditionFailedException') throw error;
      const now = await liveState(target, name);
      if (now?.version === version && now.weighted.length === 0) return;
      throw new CliError(`the alias ${LIVE} of ${name} was moved by somebody else meanwhile: it is at version ${now?.version ?? 'none'}`, {
        hint: 'look with "pmcp-deploy rollback --list", and try again', cause: error,
      });
    }
  });
}

/** A published version, and what is known about it. */
export interface PublishedVersion {
  readonly version: string;
  readonly published?: Date;

  /** The asset that it was made of. */
  readonly asset?: string;

  /** Lambda's own hash of the code. */
  readonly codeSha256?: string;

  /** What this tool noted about its deployment. */
  readonly note?: string;
}

/** Aliases of this form carry notes about versions: what Lambda says about a version itself can't be changed. */
export function noteAlias(version: string): string {
  return `v${version}`;
}

/** The published versions of a function, newest first. */
export async function publishedVersions(target: AwsTarget, name: string): Promise<PublishedVersion[]> {
  return aws(target, `listing the versions of ${name}`, async () => {
    const { paginateListAliases, paginateListVersionsByFunction } = await import('../aws/sdk/lambda');
    const client = await lambda(target);
    const notes = new Map<string, string | undefined>();
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName: name })) {
      Aliases.forEach(({ Name = '', Description }) => notes.set(Name, Description));
    }
    const versions: PublishedVersion[] = [];
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: name })) {
      versions.push(...Versions.filter(({ Version = '' }) => /^\d+$/.test(Version)).map((each) => toVersion(each, notes)));
    }
    return versions.sort((a, b) => Number(b.version) - Number(a.version));
  });
}

function toVersion({ Version = '', LastModified, Description = '', CodeSha256 }: FunctionConfiguration, notes: ReadonlyMap<string, string | undefined>): PublishedVersion {
  const time = LastModified === undefined ? NaN : Date.parse(LastModified.replace(/\+0000$/, 'Z'));
  return {
    version: Version,
    published: Number.isNaN(time) ? undefined : new Date(time),
    asset: /^asset ([0-9a-f]+)$/.exec(Description)?.[1],
    codeSha256: CodeSha256,
    note: notes.get(noteAlias(Version)),
  };
}
