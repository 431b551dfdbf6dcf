import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { contextArguments, type CdkContext } from './cdk-context';
import type { Project } from './project';
import type { AwsTarget } from '../aws/clients';
import { CliError } from '../util/errors';
import { runProgram, type RunOptions, type RunResult } from '../util/run-program';
import { isVerbose } from '../util/terminal';

/** The CDK command line that the app has installed. */
export interface CdkProgram {
  readonly path: string;
  readonly version: string;
}

/** @throws CliError if the app has not installed it */
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

export interface CdkOptions {
  readonly context?: CdkContext;

  /** @default 'terminal' */
  readonly output?: RunOptions['output'];
}

/**
 * Run the CDK command line of the app, in the folder of the app.
 *
 * @param args arguments, without those that choose the stage
 */
export async function cdk(project: Project, args: readonly string[], options: CdkOptions = {}): Promise<RunResult> {
  const { context = {}, output = 'terminal' } = options;
  const program = cdkProgram(project).path;
  return runProgram(process.execPath, [program, ...args, ...contextArguments(project, context), ...isVerbose() ? ['--verbose'] : []], {
    cwd: project.appFolder,
    env: awsEnvironment(project),
    output,
    // It asks for MFA codes and draws its progress, so it gets the terminal if there is one. The text that it passes on (events of
    // CloudFormation, output of the app) comes from the account and the app of the user. Without a terminal, its output is filtered.
    asks: true,
  });
}

/** The environment of a process that talks to AWS. For a local AWS, it contains none of the user's credentials and settings. */
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
