import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import { aws, lambda, type AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';

/** The alias that the HTTP API invokes. */
const LIVE = 'live';

/** The state of the live alias of a function. */
export interface LiveAlias {
  readonly version: string;
  readonly revision?: string;

  /** Versions that get a part of the traffic too. */
  readonly weighted: readonly string[];
}

/** Read the live alias, or undefined if the function or the alias does not exist. */
export async function readLiveAlias(target: AwsTarget, functionName: string): Promise<LiveAlias | undefined> {
  return aws(target, `reading the alias ${LIVE} of ${functionName}`, async () => {
    const { GetAliasCommand } = await import('../aws/sdk/lambda');
    try {
      return toLiveAlias(await (await lambda(target)).send(new GetAliasCommand({ FunctionName: functionName, Name: LIVE })));
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  });
}

function toLiveAlias({ FunctionVersion = '', RevisionId, RoutingConfig }: AliasConfiguration): LiveAlias {
  return { version: FunctionVersion, revision: RevisionId, weighted: Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}) };
}

/** Whether a version gets all of the traffic. */
export function hasAllTraffic({ version: live, weighted }: LiveAlias, version: string): boolean {
  return live === version && weighted.length === 0;
}

/**
 * Point the live alias at a version, for all of the traffic.
 *
 * @param expected the state of the alias; if it has changed since, nothing is changed
 */
export async function moveLiveAlias(target: AwsTarget, functionName: string, version: string, expected: LiveAlias): Promise<void> {
  await aws(target, `pointing the alias ${LIVE} of ${functionName} at version ${version}`, async () => {
    const { UpdateAliasCommand } = await import('../aws/sdk/lambda');
    try {
      await (await lambda(target)).send(new UpdateAliasCommand({
        FunctionName: functionName,
        Name: LIVE,
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: {} },
        RevisionId: expected.revision,
      }));
    } catch (error) {
      if ((error as Error).name !== 'PreconditionFailedException') throw error;
      // An earlier attempt whose answer was lost may have moved it.
      const now = await readLiveAlias(target, functionName);
      if (now && hasAllTraffic(now, version)) return;
      const state = now ? `it is at version ${now.version}` : 'it does not exist';
      throw new CliError(`the alias ${LIVE} of ${functionName} was changed by someone else meanwhile: ${state}`, {
        hint: 'check it with "npx pmcp-deploy rollback --list", and try again',
        cause: error,
      });
    }
  });
}
