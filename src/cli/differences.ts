import { assemblyFolder, synthesize } from './assembly';
import { cdk } from './cdk';
import { CliError, ExitCode } from './errors';
import { callerAccount } from './preflight';
import type { Project } from './project';
import { step } from './terminal';
import { ensureTools } from './tools';

/** Builds the server, and prints what a deployment would change. */
export async function showDifferences(project: Project): Promise<void> {
  await step('Tools', async ({ say }) => ensureTools(project, say));
  await step('AWS', async ({ say }) => say(`account ${await callerAccount(project)}`));
  const { selector } = await step('Build', async () => synthesize(project), { live: true });
  const { code } = await cdk(project, ['diff', selector, '--app', assemblyFolder(project)]);
  if (code !== 0) throw new CliError(`the differences of ${project.stackName} could not be read; the reason is above`, { exitCode: ExitCode.AWS_FAILURE });
}
