import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aws, ssm } from '../aws/clients';
import { cdk } from '../project/cdk';
import { stageFlags, type Project } from '../project/project';
import { CliError, ExitCode } from '../util/errors';
import { confirm, isInteractive, step, type PromptOptions } from '../util/terminal';

/** The oldest CDK bootstrap that the CDK deploys with. */
const MIN_VERSION = 6;

/** The context key of the CDK for a custom qualifier of its bootstrap, and the default. */
const QUALIFIER_CONTEXT = '@aws-cdk/core:bootstrapQualifier';
const DEFAULT_QUALIFIER = 'hnb659fds';

/** The CDK's name of the project's account and region. */
export function environmentOf(project: Project, account: string): string {
  return `aws://${account}/${project.region}`;
}

/** The SSM parameter that contains the version of the CDK bootstrap. */
export function bootstrapParameter(project: Project): string {
  return `/cdk-bootstrap/${bootstrapQualifier(project)}/version`;
}

function bootstrapQualifier(project: Project): string {
  try {
    const { context } = JSON.parse(readFileSync(join(project.appFolder, 'cdk.json'), 'utf-8')) as { context?: Record<string, unknown> };
    const qualifier = context?.[QUALIFIER_CONTEXT];
    return typeof qualifier === 'string' ? qualifier : DEFAULT_QUALIFIER;
  } catch {
    return DEFAULT_QUALIFIER;
  }
}

/** The version of the CDK bootstrap in the project's account and region. Undefined if they are not bootstrapped. */
export async function readBootstrapVersion(project: Project): Promise<number | undefined> {
  return aws(project, 'reading the version of the CDK bootstrap', async () => {
    const { GetParameterCommand, ParameterNotFound } = await import('../aws/sdk/ssm');
    try {
      const { Parameter } = await (await ssm(project)).send(new GetParameterCommand({ Name: bootstrapParameter(project) }));
      return Number(Parameter?.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound || (error as Error).name === 'ParameterNotFound') return undefined;
      throw error;
    }
  });
}

/** Whether a version is new enough for a deployment. */
export function isBootstrapped(version: number | undefined): boolean {
  return version !== undefined && version >= MIN_VERSION;
}

/**
 * Bootstrap the project's account and region if needed: a local AWS always, others after a confirmation.
 *
 * @throws CliError with the command to run, if the user declines or cannot be asked
 */
export async function ensureBootstrap(project: Project, account: string, { assumeYes }: PromptOptions): Promise<void> {
  const version = await readBootstrapVersion(project);
  if (isBootstrapped(version)) return;
  if (!project.local && !assumeYes) {
    const question = `${environmentOf(project, account)} is not bootstrapped for the CDK. Bootstrap it now?`;
    if (!isInteractive() || !await confirm(question, '')) throw notBootstrapped(project, account, version);
  }
  await bootstrap(project, account);
}

function notBootstrapped(project: Project, account: string, version: number | undefined): CliError {
  const environment = environmentOf(project, account);
  return new CliError(version === undefined
    ? `${environment} is not bootstrapped for the CDK: there is no SSM parameter ${bootstrapParameter(project)}`
    : `the CDK bootstrap of ${environment} is too old: version ${version}, at least ${MIN_VERSION} is needed`, {
    hint: `bootstrap it once with: npx pmcp-deploy bootstrap${stageFlags(project)}, or: npx cdk bootstrap ${environment}`,
  });
}

/** Create or update the CDK bootstrap in the project's account and region. */
export async function bootstrap(project: Project, account: string): Promise<void> {
  await step('CDK bootstrap', async () => {
    const environment = environmentOf(project, account);
    const output = project.local ? 'collect' : 'terminal';
    const { code, stdout, stderr } = await cdk(project, ['bootstrap', environment], { output });
    if (code === 0) return;
    const reason = project.local ? `:\n${`${stdout}\n${stderr}`.trim()}` : '; the reason is above';
    throw new CliError(`${environment} could not be bootstrapped${reason}`, { exitCode: ExitCode.AWS_FAILURE });
  }, { live: !project.local });
}
