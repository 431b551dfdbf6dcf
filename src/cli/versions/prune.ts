import { readLiveAlias } from './live-alias';
import { listPublishedVersions, noteAlias, type PublishedVersion } from './published-versions';
import { outputPrefix } from '../../private/outputs';
import { aws, lambda } from '../aws/clients';
import type { Project } from '../project/project';
import { functionsOf, type DeployedFunction } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { detail, warn } from '../util/terminal';

/** Delete old versions, except the newest few, the live one and the deployed one. A version that cannot be deleted causes a warning. */
export async function pruneVersions(project: Project, stack: StackState): Promise<void> {
  for (const each of functionsOf(stack)) {
    try {
      for (const version of await oldVersions(project, each)) await deleteVersion(project, each.name, version);
    } catch (error) {
      warn(`could not find old versions of ${each.name}: ${(error as Error).message}`);
    }
  }
}

async function oldVersions(project: Project, { name, deployed, prefix }: DeployedFunction): Promise<PublishedVersion[]> {
  const alias = await readLiveAlias(project, name);
  const needed = new Set([deployed, alias?.version, ...alias?.weighted ?? []]);
  const old = (await listPublishedVersions(project, name)).filter(({ version }) => !needed.has(version));
  return old.slice(keepVersions(project, prefix));
}

function keepVersions({ file }: Project, prefix: string): number {
  const own = file.servers.find(({ server }) => outputPrefix(server.name) === prefix);
  return (own ?? file.deployment).deployment.keep_versions;
}

async function deleteVersion(project: Project, functionName: string, { version, note }: PublishedVersion): Promise<void> {
  try {
    await aws(project, 'deleting it', async () => {
      const { DeleteAliasCommand, DeleteFunctionCommand } = await import('../aws/sdk/lambda');
      const client = await lambda(project);
      if (note !== undefined) await client.send(new DeleteAliasCommand({ FunctionName: functionName, Name: noteAlias(version) }));
      try {
        await client.send(new DeleteFunctionCommand({ FunctionName: functionName, Qualifier: version }));
      } catch (error) {
        // An earlier attempt whose answer was lost may have deleted it.
        if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      }
    });
    detail(`deleted version ${version} of ${functionName}`);
  } catch (error) {
    warn(`could not delete the old version ${version} of ${functionName}: ${(error as Error).message}`);
  }
}
