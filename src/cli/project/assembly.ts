import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdk } from './cdk';
import type { CdkContext } from './cdk-context';
import type { Project } from './project';
import { CliError } from '../util/errors';

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: { readonly stackName?: string; readonly directoryName?: string; readonly templateFile?: string };
}

/** A stack of a synthesized CDK app. */
export interface SynthesizedStack {
  readonly stackName: string;

  /** Its name on the CDK command line. */
  readonly selector: string;

  /** The path of its template. */
  readonly template: string;
}

/** The folder of the cloud assembly that the CDK writes. */
export function assemblyFolder(project: Project): string {
  return join(project.appFolder, 'cdk.out');
}

/**
 * Synthesize the CDK app, which builds the server if it has changed.
 *
 * @throws CliError if the app fails; its output is already on the terminal
 */
export async function synthesize(project: Project, context: CdkContext = {}): Promise<SynthesizedStack> {
  const folder = assemblyFolder(project);
  const { code } = await cdk(project, ['synth', '--quiet', '--output', folder], { context });
  if (code !== 0) throw new CliError(`${project.serverName} could not be built`);
  return findSynthesizedStack(project, folder);
}

/** @throws CliError if the cloud assembly has no stack with the name of the project's stack */
export function findSynthesizedStack(project: Project, folder: string): SynthesizedStack {
  const stacks = stacksIn(folder);
  const stack = stacks.find(({ stackName }) => stackName === project.stackName);
  if (stack) return stack;
  const names = stacks.map(({ stackName }) => stackName).join(', ') || 'none';
  throw new CliError(`the CDK app in ${project.appFolder} has no stack ${JSON.stringify(project.stackName)}; its stacks: ${names}`, {
    hint: 'McpServerStack and DeployConfig.load(..., { stage }) name the stack after .pmcp/deploy.toml;'
      + ` the stage is the context value "stage" (${project.stage})`,
  });
}

/** All stacks of a cloud assembly, including those of its nested assemblies. */
function stacksIn(folder: string): SynthesizedStack[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return [];
  const { artifacts = {} } = JSON.parse(readFileSync(path, 'utf-8')) as { artifacts?: Record<string, Artifact> };
  return Object.entries(artifacts).flatMap(([id, { type, displayName, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) return stacksIn(join(folder, properties.directoryName));
    if (type !== 'aws:cloudformation:stack') return [];
    const template = join(folder, properties.templateFile ?? '');
    return [{ stackName: properties.stackName ?? id, selector: displayName ?? id, template }];
  });
}
