import { MIN_BOOTSTRAP_VERSION } from './preflight';
import { cdk } from '../project/cdk';
import type { Project } from '../project/project';
import { CliError, ExitCode } from '../util/errors';
import { step } from '../util/terminal';

/** An environment as the CDK names it. */
export function environmentOf(project: Project, account: string): string {
  return `aws://${account}/${project.region}`;
}

export function isBootstrapped(version: number | undefined): boolean {
  return version !== undefined && version >= MIN_BOOTSTRAP_VERSION;
}

/** Makes or renews the CDK bootstrap of a project's environment. */
export async function bootstrap(project: Project, account: string): Promise<void> {
  await step('CDK bootstrap', async () => {
    const { code, stdout, stderr } = await cdk(project, ['bootstrap', environmentOf(project, account)], project.local ? 'collect' : 'terminal');
    if (code === 0) return;
    throw new CliError(`${environmentOf(project, account)} could not be bootstrapped${project.local ? `:\n${`${stdout}\n${stderr}`.trim()}` : '; the reason is above'}`, {
      exitCode: ExitCode.AWS_FAILURE,
    });
  }, { live: !project.local });
}
