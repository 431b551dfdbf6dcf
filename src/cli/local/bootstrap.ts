import { cdk } from '../cdk';
import { CliError, ExitCode } from '../errors';
import { bootstrapVersion, callerAccount, MIN_BOOTSTRAP_VERSION } from '../preflight';
import type { Project } from '../project';
import { step } from '../terminal';

/** Bootstraps the local AWS for the CDK, where that has not been done. */
export async function ensureLocalBootstrap(project: Project): Promise<void> {
  if ((await bootstrapVersion(project) ?? 0) >= MIN_BOOTSTRAP_VERSION) return;
  await step('CDK bootstrap', async () => {
    const account = await callerAccount(project);
    const { code, stdout, stderr } = await cdk(project, ['bootstrap', `aws://${account}/${project.region}`], 'collect');
    if (code !== 0) throw new CliError(`the local AWS could not be bootstrapped:\n${`${stdout}\n${stderr}`.trim()}`, { exitCode: ExitCode.AWS_FAILURE });
  });
}
