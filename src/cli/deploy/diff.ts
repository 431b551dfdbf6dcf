import { callerAccount } from './preflight';
import { assemblyFolder, synthesize } from '../project/assembly';
import { cdk } from '../project/cdk';
import type { Project } from '../project/project';
import { ensureTools } from '../project/tools';
import { withSecrets } from '../secrets/required';
import { CliError, ExitCode } from '../util/errors';
import { step } from '../util/terminal';

/** Builds the server, and prints what a deployment would change. */
export async function showDifferences(given: Project): Promise<void> {
  await step('Tools', async ({ say }) => ensureTools(given, say));
  await step('AWS', async ({ say }) => say(`account ${await callerAccount(given)}`));
  const project = await withSecrets(given);
  const { selector } = await step('Build', async () => synthesize(project), { live: true });
  const { code } = await cdk(project, ['diff', selector, '--app', assemblyFolder(project)]);
  if (code !== 0) throw new CliError(`the differences of ${project.stackName} could not be read; the reason is above`, { exitCode: ExitCode.AWS_FAILURE });
}
