import { callerAccount } from './preflight';
import { assemblyFolder, synthesize } from '../project/assembly';
import { cdk } from '../project/cdk';
import type { Project } from '../project/project';
import { ensureTools } from '../project/tools';
import { readSecretVersions } from '../secrets/required';
import { CliError, ExitCode } from '../util/errors';
import { step } from '../util/terminal';

/** Build the server, and print the changes that a deployment makes. */
export async function showDifferences(project: Project): Promise<void> {
  await step('Tools', async ({ say }) => ensureTools(project, say));
  await step('AWS', async ({ say }) => say(`account ${await callerAccount(project)}`));
  const context = { secrets: await readSecretVersions(project) };
  const { selector } = await step('Build', async () => synthesize(project, context), { live: true });
  const { code } = await cdk(project, ['diff', selector, '--app', assemblyFolder(project)], { context });
  if (code !== 0) {
    throw new CliError(`stack ${project.stackName} could not be compared; the reason is above`, { exitCode: ExitCode.AWS_FAILURE });
  }
}
