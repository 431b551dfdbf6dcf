import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolEnvironment, which } from '../../util/process/which';
import { findSynthesizedStack } from '../project/assembly';
import { cdk } from '../project/cdk';
import type { Project } from '../project/project';
import { CliError } from '../util/errors';
import { runProgram } from '../util/run-program';

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_000_000;

/** The result of a valid template. */
export interface TemplateCheck {
  readonly resources: number;
  readonly bytes: number;

  /** If true, cfn-lint is installed and has accepted the template too. */
  readonly linted: boolean;
}

/**
 * Synthesize the template of a stage without building the server, and check it.
 *
 * @throws CliError if the template is invalid
 */
export async function checkTemplate(project: Project): Promise<TemplateCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-'));
  try {
    // "cdk list" synthesizes all stacks without bundling any.
    const { code, stdout, stderr } = await cdk(project, ['list', '--no-lookups', '--output', folder], { output: 'collect' });
    if (code !== 0) throw new CliError(`the CDK app in ${project.appFolder} fails:\n${`${stdout}\n${stderr}`.trim()}`);
    return await checkTemplateFile(findSynthesizedStack(project, folder).template, project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkTemplateFile(path: string, { stackName, region }: Project): Promise<TemplateCheck> {
  const text = readFileSync(path, 'utf-8');
  const { Resources = {} } = JSON.parse(text) as { Resources?: object };
  const resources = Object.keys(Resources).length;
  const bytes = Buffer.byteLength(text);
  if (resources > MAX_RESOURCES) {
    throw new CliError(`stack ${stackName} has ${resources} resources; CloudFormation accepts ${MAX_RESOURCES}`);
  }
  if (bytes > MAX_BYTES) throw new CliError(`the template of stack ${stackName} has ${bytes} bytes; CloudFormation accepts ${MAX_BYTES}`);
  const linter = which('cfn-lint', toolEnvironment({}));
  if (linter === undefined) return { resources, bytes, linted: false };
  const { code, stdout, stderr } = await runProgram(linter, [
    '--non-zero-exit-code', 'error', '--ignore-checks', 'W', 'I', '--regions', region, '--', path,
  ]);
  if (code !== 0) throw new CliError(`cfn-lint refuses the template of stack ${stackName}:\n${`${stdout}\n${stderr}`.trim()}`);
  return { resources, bytes, linted: true };
}
