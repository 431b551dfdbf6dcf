import { isDeepStrictEqual } from 'node:util';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { hasAllTraffic, moveLiveAlias, readLiveAlias, type LiveAlias } from './live-alias';
import { listPublishedVersions } from './published-versions';
import { aws, lambda } from '../aws/clients';
import type { Project } from '../project/project';
import { functionsOf, type DeployedFunction } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { detail, warn } from '../util/terminal';

/** The live aliases of a stack, by function name. */
export type LiveVersions = ReadonlyMap<string, LiveAlias>;

/** The settings of a function that a version freezes. */
const FROZEN = [
  'Architectures', 'DeadLetterConfig', 'Environment', 'EphemeralStorage', 'FileSystemConfigs', 'Handler', 'KMSKeyArn', 'Layers',
  'LoggingConfig', 'MemorySize', 'Role', 'Runtime', 'Timeout', 'TracingConfig', 'VpcConfig',
] as const satisfies ReadonlyArray<keyof FunctionConfiguration>;

/** Read the live versions of a stack. */
export async function readLiveVersions(project: Project, stack: StackState | undefined): Promise<LiveVersions> {
  const aliases = new Map<string, LiveAlias>();
  for (const { name } of stack ? functionsOf(stack) : []) {
    const alias = await readLiveAlias(project, name);
    if (alias) aliases.set(name, alias);
  }
  return aliases;
}

/** Whether the live version is older or newer than the one that the last deployment published. Undefined if it is the same. */
export function liveVersionChange(stack: StackState | undefined, live: LiveVersions): 'older' | 'newer' | undefined {
  const changed = (stack ? functionsOf(stack) : []).filter(({ name, deployed }) => live.has(name) && live.get(name)?.version !== deployed);
  if (changed.length === 0) return undefined;
  return changed.some(({ name, deployed }) => Number(live.get(name)?.version) < Number(deployed)) ? 'older' : 'newer';
}

/**
 * Make the deployed versions live.
 *
 * CloudFormation does not know about rollbacks. It leaves the alias unchanged if the template has not changed.
 *
 * @param hotswap the CDK may have changed the code without CloudFormation
 */
export async function makeLive(project: Project, stack: StackState, hotswap: boolean = false): Promise<void> {
  for (const deployed of functionsOf(stack)) {
    const version = await versionToMakeLive(project, deployed, hotswap);
    const alias = await readLiveAlias(project, deployed.name);
    if (!alias || hasAllTraffic(alias, version)) continue;
    await moveLiveAlias(project, deployed.name, version, alias);
    detail(`moved the alias of ${deployed.name} from version ${alias.version} to ${version}`);
  }
}

/**
 * The version that has the deployed code and settings.
 *
 * CloudFormation publishes a version if the template has changed. A setting may refer to a value, such as the name of a table. If only
 * that value has changed, the function has changed without a new version, and it is published here.
 */
async function versionToMakeLive(project: Project, { name, deployed }: DeployedFunction, hotswap: boolean): Promise<string> {
  return aws(project, `comparing ${name} with its version ${deployed}`, async () => {
    const { GetFunctionConfigurationCommand, PublishVersionCommand } = await import('../aws/sdk/lambda');
    const client = await lambda(project);
    const version = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: deployed }));
    const latest = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const sameCode = latest.CodeSha256 === version.CodeSha256;
    if (!hotswap && !sameCode) {
      warn(`the code of ${name} was changed outside this tool; version ${deployed} stays live, as deployed`);
      return deployed;
    }
    if (sameCode && FROZEN.every((key) => isDeepStrictEqual(latest[key], version[key]))) return deployed;
    // If nothing has changed since the newest version, PublishVersion returns that version.
    const description = hotswap ? undefined : version.Description;
    const published = await client.send(new PublishVersionCommand({
      FunctionName: name, CodeSha256: latest.CodeSha256, Description: description,
    }));
    return published.Version ?? deployed;
  });
}

/**
 * Publish the functions of a stack that have changed since their newest version, without making them live.
 *
 * @returns the new versions, as text
 */
export async function publishLatest(project: Project, stack: StackState): Promise<string[]> {
  const published: string[] = [];
  for (const { name } of functionsOf(stack)) {
    const known = new Set((await listPublishedVersions(project, name)).map(({ version }) => version));
    await aws(project, `publishing ${name}`, async () => {
      const { PublishVersionCommand } = await import('../aws/sdk/lambda');
      const { Version } = await (await lambda(project)).send(new PublishVersionCommand({ FunctionName: name }));
      if (Version !== undefined && !known.has(Version)) published.push(`version ${Version} of ${name}`);
    });
  }
  return published;
}

/**
 * Point the aliases at the versions that were live before.
 *
 * @returns the names of the functions whose alias was moved
 */
export async function restoreLive(project: Project, before: LiveVersions): Promise<string[]> {
  const restored: string[] = [];
  for (const [name, { version }] of before) {
    const alias = await readLiveAlias(project, name);
    if (!alias || hasAllTraffic(alias, version)) continue;
    await moveLiveAlias(project, name, version, alias);
    restored.push(name);
  }
  return restored;
}
