import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { aws, lambda, type AwsTarget } from '../aws/clients';

/** A published version of a function. */
export interface PublishedVersion {
  readonly version: string;
  readonly published?: Date;

  /** Hash of the CDK asset. */
  readonly asset?: string;

  /** Lambda's own hash of the code. */
  readonly codeSha256?: string;

  /** The note of this tool about its deployment. */
  readonly note?: string;
}

/** The alias whose description is the note about a version, because the description of a version cannot be changed. */
export function noteAlias(version: string): string {
  return `v${version}`;
}

/** Read the published versions of a function, newest first. */
export async function listPublishedVersions(target: AwsTarget, functionName: string): Promise<PublishedVersion[]> {
  return aws(target, `listing the versions of ${functionName}`, async () => {
    const { paginateListAliases, paginateListVersionsByFunction } = await import('../aws/sdk/lambda');
    const client = await lambda(target);
    const notes = new Map<string, string | undefined>();
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName: functionName })) {
      Aliases.forEach(({ Name = '', Description }) => notes.set(Name, Description));
    }
    const versions: PublishedVersion[] = [];
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: functionName })) {
      versions.push(...Versions.filter(({ Version = '' }) => /^\d+$/.test(Version)).map((each) => toPublishedVersion(each, notes)));
    }
    return versions.sort((a, b) => Number(b.version) - Number(a.version));
  });
}

function toPublishedVersion(
  { Version = '', LastModified, Description = '', CodeSha256 }: FunctionConfiguration, notes: ReadonlyMap<string, string | undefined>,
): PublishedVersion {
  const time = LastModified === undefined ? NaN : Date.parse(LastModified.replace(/\+0000$/, 'Z'));
  return {
    version: Version,
    published: Number.isNaN(time) ? undefined : new Date(time),
    asset: /^asset ([0-9a-f]+)$/.exec(Description)?.[1],
    codeSha256: CodeSha256,
    note: notes.get(noteAlias(Version)),
  };
}
