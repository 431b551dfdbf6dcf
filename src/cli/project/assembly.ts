import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdk } from './cdk';
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

  /** What the CDK command line calls it. */
  readonly selector: string;

  /** The path of its template. */
  readonly template: string;
}

/** Where the CDK writes what it synthesizes. */
export function assemblyFolder(project: Project): string {
  return join(project.appFolder, 'cdk.out');
}

/**
 * Synthesizes the CDK app, which builds the server where it has changed.
 *
 * @throws CliError when the app fails; what it said about it is on the terminal already
 */
export async function synthesize(project: Project): Promise<SynthesizedStack> {
  const folder = assemblyFolder(project);
  const { code } = await cdk(project, ['synth', '--quiet', '--output', folder]);
  if (code !== 0) throw new CliError(`${project.serverName} could not be built`);
  return stackOf(project, folder);
}

/** @throws CliError when a cloud assembly has no stack of the project's name */
export function stackOf(project: Project, folder: string): SynthesizedStack {
  const stacks = stacksIn(folder);
  const stack = stacks.find(({ stackName }) => stackName === project.stackName);
  if (stack) return stack;
  throw new CliError(`the CDK app in ${project.appFolder} has no stack ${JSON.stringify(project.stackName)}; it has ${stacks.map(({ stackName }) => stackName).join(', ') || 'none'}`, {
    hint: `its stack takes its name from .pmcp/deploy.toml with McpServerStack or DeployConfig.load(..., { stage }), where the stage is context "stage" (${project.stage})`,
  });
}

/** All stacks of a cloud assembly, with those of its stages. */
function stacksIn(folder: string): SynthesizedStack[] {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return [];
  const { artifacts = {} } = JSON.parse(readFileSync(path, 'utf-8')) as { artifacts?: Record<string, Artifact> };
  return Object.entries(artifacts).flatMap(([id, { type, displayName, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) return stacksIn(join(folder, properties.directoryName));
    if (type !== 'aws:cloudformation:stack') return [];
    return [{ stackName: properties.stackName ?? id, selector: displayName ?? id, template: join(folder, properties.templateFile ?? '') }];
  });
}
