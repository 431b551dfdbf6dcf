import { isDeepStrictEqual } from 'node:util';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { commitOf, noteOf } from './commit';
import { goLive, liveState, noteAlias, publishedVersions, type LiveState, type PublishedVersion } from './functions';
import { outputPrefix } from '../../private/outputs';
import { aws, lambda } from '../aws/clients';
import type { Project } from '../project/project';
import { functionsOf, type DeployedFunction } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { detail, warn } from '../util/terminal';

/** Where the live aliases of a stack point to, by function. */
export type LiveVersions = ReadonlyMap<string, LiveState>;

/** What of a function's configuration a version freezes. */
const FROZEN = [
  'Architectures', 'DeadLetterConfig', 'Environment', 'EphemeralStorage', 'FileSystemConfigs', 'Handler', 'KMSKeyArn', 'Layers', 'LoggingConfig',
  'MemorySize', 'Role', 'Runtime', 'Timeout', 'TracingConfig', 'VpcConfig',
] as const satisfies ReadonlyArray<keyof FunctionConfiguration>;

/** Where the live aliases point to, before a deployment. */
export async function liveVersions(project: Project, stack: StackState | undefined): Promise<LiveVersions> {
  const states = new Map<string, LiveState>();
  for (const { name } of stack ? functionsOf(stack) : []) {
    const state = await liveState(project, name);
    if (state) states.set(name, state);
  }
  return states;
}

/** How an alias was moved since the newest deployment: back by a rollback, or on to a version that was published past CloudFormation. */
export function howLiveMoved(stack: StackState | undefined, live: LiveVersions): 'back' | 'on' | undefined {
  const moved = (stack ? functionsOf(stack) : []).filter(({ name, deployed }) => live.has(name) && live.get(name)?.version !== deployed);
  if (moved.length === 0) return undefined;
  return moved.some(({ name, deployed }) => Number(live.get(name)?.version) < Number(deployed)) ? 'back' : 'on';
}

/**
 * Makes what was deployed live.
 *
 * CloudFormation does not know of rollbacks: where the template has not changed since, it leaves the alias where it is.
 *
 * @param hotswap the code was changed past CloudFormation
 */
export async function makeLive(project: Project, stack: StackState, hotswap: boolean = false): Promise<void> {
  for (const deployed of functionsOf(stack)) {
    const version = await versionToBeLive(project, deployed, hotswap);
    const state = await liveState(project, deployed.name);
    if (!state || (state.version === version && state.weighted.length === 0)) continue;
    await goLive(project, deployed.name, version, state);
    detail(`the alias of ${deployed.name} was at version ${state.version}, and is at ${version} now`);
  }
}

/**
 * The version with the code and the settings that were deployed.
 *
 * A new version follows from a changed template. Where a setting is a reference, to a table for example, its value may change while the
 * template does not: then the function has changed, and a version is still to be published.
 */
async function versionToBeLive(project: Project, { name, deployed }: DeployedFunction, hotswap: boolean): Promise<string> {
  return aws(project, `comparing ${name} with its version ${deployed}`, async () => {
    const { GetFunctionConfigurationCommand, PublishVersionCommand } = await import('../aws/sdk/lambda');
    const client = await lambda(project);
    const version = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: deployed }));
    const latest = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    if (!hotswap && latest.CodeSha256 !== version.CodeSha256) {
      warn(`the code of ${name} was changed outside of this tool: version ${deployed}, as it was deployed, stays live`);
      return deployed;
    }
    if (latest.CodeSha256 === version.CodeSha256 && FROZEN.every((key) => isDeepStrictEqual(latest[key], version[key]))) return deployed;
    // Publishes nothing, and names the newest version, where nothing has changed since that.
    const description = hotswap ? undefined : version.Description;
    const published = await client.send(new PublishVersionCommand({ FunctionName: name, CodeSha256: latest.CodeSha256, Description: description }));
    return published.Version ?? deployed;
  });
}

/**
 * Publishes the functions of a stack as they are, where they have changed since they were published last. Nothing is made live.
 *
 * @returns what was published, in words
 */
export async function publishLatest(project: Project, stack: StackState): Promise<string[]> {
  const published: string[] = [];
  for (const { name } of functionsOf(stack)) {
    const there = new Set((await publishedVersions(project, name)).map(({ version }) => version));
    await aws(project, `publishing ${name}`, async () => {
      const { PublishVersionCommand } = await import('../aws/sdk/lambda');
      const { Version } = await (await lambda(project)).send(new PublishVersionCommand({ FunctionName: name }));
      if (Version !== undefined && !there.has(Version)) published.push(`version ${Version} of ${name}`);
    });
  }
  return published;
}

/**
 * Points the aliases back to where they were.
 *
 * @returns the functions whose alias was moved
 */
export async function restoreLive(project: Project, before: LiveVersions): Promise<string[]> {
  const restored: string[] = [];
  for (const [name, { version }] of before) {
    const state = await liveState(project, name);
    if (!state || (state.version === version && state.weighted.length === 0)) continue;
    await goLive(project, name, version, state);
    restored.push(name);
  }
  return restored;
}

/**
 * Notes which commit the live versions are of, and which versions were live before them. Notes are a convenience: without them, a deployment
 * is as good.
 */
export async function noteOrigin(project: Project, stack: StackState, previous: LiveVersions): Promise<void> {
  const commit = await commitOf(project.root);
  for (const { name } of functionsOf(stack)) {
    try {
      const state = await liveState(project, name);
      if (!state) continue;
      const before = previous.get(name)?.version;
      const text = noteOf({ commit, before: before === state.version ? undefined : before });
      if (text !== '') await note(project, name, state.version, text);
    } catch (error) {
      warn(`could not note where the live version comes from, of ${name}: ${(error as Error).message}`);
    }
  }
}

async function note(project: Project, name: string, version: string, text: string): Promise<void> {
  await aws(project, `creating the alias ${noteAlias(version)}`, async () => {
    const { CreateAliasCommand } = await import('../aws/sdk/lambda');
    try {
      const input = { FunctionName: name, Name: noteAlias(version), FunctionVersion: version, Description: text };
      await (await lambda(project)).send(new CreateAliasCommand(input));
    } catch (error) {
      if ((error as Error).name !== 'ResourceConflictException') throw error;
    }
  });
}

/** Removes old versions, all but the newest few, the live one and the deployed one. What can't be removed stays, with a warning. */
export async function pruneVersions(project: Project, stack: StackState): Promise<void> {
  for (const each of functionsOf(stack)) {
    try {
      for (const { version, note: noted } of await oldVersions(project, each)) await remove(project, each.name, version, noted !== undefined);
    } catch (error) {
      warn(`could not look for old versions of ${each.name}: ${(error as Error).message}`);
    }
  }
}

async function oldVersions(project: Project, { name, deployed, prefix }: DeployedFunction): Promise<PublishedVersion[]> {
  const state = await liveState(project, name);
  const needed = new Set([deployed, state?.version, ...state?.weighted ?? []]);
  const old = (await publishedVersions(project, name)).filter(({ version }) => !needed.has(version));
  return old.slice(keepVersions(project, prefix));
}

function keepVersions({ file }: Project, prefix: string): number {
  const own = file.servers.find(({ server }) => outputPrefix(server.name) === prefix);
  return (own ?? file.deployment).deployment.keep_versions;
}

async function remove(project: Project, name: string, version: string, noted: boolean): Promise<void> {
  try {
    await aws(project, 'deleting it', async () => {
      const { DeleteAliasCommand, DeleteFunctionCommand } = await import('../aws/sdk/lambda');
      const client = await lambda(project);
      if (noted) await client.send(new DeleteAliasCommand({ FunctionName: name, Name: noteAlias(version) }));
      try {
        await client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: version }));
      } catch (error) {
        // A try whose answer was lost may have done it.
        if ((error as Error).name !== 'ResourceNotFoundException') throw error;
      }
    });
    detail(`removed version ${version} of ${name}`);
  } catch (error) {
    warn(`could not remove the old version ${version} of ${name}: ${(error as Error).message}`);
  }
}
