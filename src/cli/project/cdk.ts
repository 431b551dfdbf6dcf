import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import type { Project } from './project';
import type { AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';
import { run, type RunOptions, type RunResult } from '../util/exec';
import { isVerbose } from '../util/terminal';

/** The context key that the construct takes the architecture from. */
const ARCHITECTURE_CONTEXT = 'pmcp-deploy:architecture';

/** The context key that the stack takes its account from: a local AWS answers requests without a signature, such as a client's, in one account only. */
const ACCOUNT_CONTEXT = 'pmcp-deploy:account';

/** The context key that the construct takes the kind of a user pool's sign-in page from: a local AWS has the classic one only. */
const SIGN_IN_PAGE_CONTEXT = 'pmcp-deploy:sign-in-page';

/** The context key by which alarms on rates are left out: a local AWS reckons no rates. */
const METRIC_MATH_CONTEXT = 'pmcp-deploy:metric-math';

/** The context key that leaves CodeDeploy out, which a local AWS does not have. */
const STRATEGY_CONTEXT = 'pmcp-deploy:strategy';

/** The context key that tells which secrets there are, with their current versions: a new value makes a new version of the function. */
const SECRETS_CONTEXT = 'pmcp-deploy:secrets';

/** The context key that puts values into the environment: a local AWS does not have the extension that reads them. */
const SECRET_DELIVERY_CONTEXT = 'pmcp-deploy:secret-delivery';

/** The context key that leaves domain names out: a local AWS has none, and a name of one's own leads to a server that is in use. */
const DOMAIN_CONTEXT = 'pmcp-deploy:domain';

/** Where the CDK looks for the qualifier of a bootstrap of one's own. */
const QUALIFIER_CONTEXT = '@aws-cdk/core:bootstrapQualifier';

/** The CDK command line of the user's own app. */
export interface CdkProgram {
  readonly path: string;
  readonly version: string;
}

/** @throws CliError when the app has none */
export function cdkProgram(project: Project): CdkProgram {
  try {
    const manifest = createRequire(join(project.appFolder, 'package.json')).resolve('aws-cdk/package.json');
    const { version, bin } = JSON.parse(readFileSync(manifest, 'utf-8')) as { version: string; bin: Record<string, string> };
    return { path: join(dirname(manifest), bin.cdk), version };
  } catch (error) {
    throw new CliError(`the CDK app in ${project.appFolder} has no "aws-cdk" installed`, {
      hint: `install its packages: npm install --prefix ${project.appFolder}`,
      cause: error,
    });
  }
}

/**
 * Runs the CDK command line of the user's app in the app's folder.
 *
 * @param args its arguments, without those that choose the stage
 */
export async function cdk(project: Project, args: readonly string[], output: RunOptions['output'] = 'terminal'): Promise<RunResult> {
  return run(process.execPath, [cdkProgram(project).path, ...args, ...contextArguments(project), ...isVerbose() ? ['--verbose'] : []], {
    cwd: project.appFolder,
    env: awsEnvironment(project),
    output,
    // It asks for codes of MFA devices, and draws its progress: where somebody sits at the terminal, it has the terminal. What it shows
    // of others' text (events of CloudFormation, the app's own output) comes from the account and the app of the person who sits there.
    // Elsewhere, its output is filtered.
    asks: true,
  });
}

function contextArguments(project: Project): string[] {
  return [
    '--context', `stage=${project.stage}`,
    // Functions run as processes of this machine there.
    ...project.local ? [
      `${ACCOUNT_CONTEXT}=${project.local.account}`, `${ARCHITECTURE_CONTEXT}=${hostArchitecture()}`, `${SIGN_IN_PAGE_CONTEXT}=classic`, `${METRIC_MATH_CONTEXT}=off`,
      `${SECRET_DELIVERY_CONTEXT}=environment`, `${DOMAIN_CONTEXT}=off`,
    ].flatMap((context) => ['--context', context]) : [],
    ...project.local || project.atOnce ? ['--context', `${STRATEGY_CONTEXT}=all-at-once`] : [],
    ...project.secrets ? ['--context', `${SECRETS_CONTEXT}=${JSON.stringify(project.secrets)}`] : [],
  ];
}

/** This machine's processor, as Lambda names it. */
export function hostArchitecture(): 'arm64' | 'x86_64' {
  return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}

/** The environment of processes that talk to AWS: with a local AWS, none of the user's credentials and settings are in it. */
export function awsEnvironment(target: AwsTarget, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const shared = { CDK_DISABLE_VERSION_CHECK: 'true', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  if (!target.local) return { ...env, ...shared };
  const { endpoint, account, secret } = target.local;
  const others = Object.entries(env).filter(([name]) => !/^(AWS|CDK)_/i.test(name));
  return {
    ...Object.fromEntries(others),
    ...shared,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: target.region,
    AWS_DEFAULT_REGION: target.region,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** The qualifier of the CDK bootstrap that the app uses. */
export function bootstrapQualifier(project: Project): string {
  try {
    const { context } = JSON.parse(readFileSync(join(project.appFolder, 'cdk.json'), 'utf-8')) as { context?: Record<string, unknown> };
    const qualifier = context?.[QUALIFIER_CONTEXT];
    return typeof qualifier === 'string' ? qualifier : 'hnb659fds';
  } catch {
    return 'hnb659fds';
  }
}
