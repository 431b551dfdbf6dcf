import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolEnvironment, which } from '../../util/process/which';
import { stackOf } from '../project/assembly';
import { cdk } from '../project/cdk';
import type { Project } from '../project/project';
import { CliError } from '../util/errors';
import { run } from '../util/exec';

/** CloudFormation's limits. */
const MAX_RESOURCES = 500;
const MAX_BYTES = 1_000_000;

/** What is known about a template that was checked. */
export interface TemplateCheck {
  readonly resources: number;
  readonly bytes: number;

  /** Whether cfn-lint, which is used where it is installed, has seen it too. */
  readonly linted: boolean;
}

/**
 * Synthesizes the template of a stage without building the server, and checks it.
 *
 * @throws CliError with what is wrong with it
 */
export async function checkTemplate(project: Project): Promise<TemplateCheck> {
  const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-'));
  try {
    // Listing the stacks synthesizes all of them and builds none.
    const { code, stdout, stderr } = await cdk(project, ['list', '--no-lookups', '--output', folder], 'collect');
    if (code !== 0) throw new CliError(`the CDK app in ${project.appFolder} fails:\n${`${stdout}\n${stderr}`.trim()}`);
    return await check(stackOf(project, folder).template, project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(path: string, project: Project): Promise<TemplateCheck> {
  const text = readFileSync(path, 'utf-8');
  const { Resources = {} } = JSON.parse(text) as { Resources?: object };
  const resources = Object.keys(Resources).length;
  const bytes = Buffer.byteLength(text);
  if (resources > MAX_RESOURCES) throw new CliError(`stack ${project.stackName} has ${resources} resources; CloudFormation takes ${MAX_RESOURCES}`);
  if (bytes > MAX_BYTES) throw new CliError(`the template of stack ${project.stackName} has ${bytes} bytes; CloudFormation takes ${MAX_BYTES}`);
  const linter = which('cfn-lint', toolEnvironment({}));
  if (linter === undefined) return { resources, bytes, linted: false };
  const { code, stdout, stderr } = await run(linter, ['--non-zero-exit-code', 'error', '--ignore-checks', 'W', 'I', '--regions', project.region, '--', path]);
  if (code !== 0) throw new CliError(`cfn-lint refuses the template of stack ${project.stackName}:\n${`${stdout}\n${stderr}`.trim()}`);
  return { resources, bytes, linted: true };
}
