import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { e2eEnv } from '../../support/env';
import { run, tryRun, type RunResult } from '../../support/run';

const VERSION = '3.0.2';

/** An app with a stack for each mode that is asked for, or with a queue, checked by cdk-nag when it is synthesized. */
const APP = `
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { McpAuth, McpRegistrationConfig, McpRustLambda } from 'pmcp-deploy';

const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-nag-'));
const code = join(folder, 'code');
mkdirSync(code);
writeFileSync(join(code, 'bootstrap'), 'not a real one');
const modes: Record<string, () => McpAuth> = {
  jwt: () => McpAuth.jwt({ issuer: 'https://login.example.com', scopes: ['mcp/read'] }),
  iam: () => McpAuth.iam(),
  cognito: () => McpAuth.cognito({ registration: McpRegistrationConfig.enabled(), machineClient: true }),
  none: () => McpAuth.none(),
};
const app = new App({ outdir: join(folder, 'out') });
for (const what of process.argv.slice(2)) {
  const stack = new Stack(app, what);
  if (what === 'queue') new Queue(stack, 'Queue');
  else new McpRustLambda(stack, 'Server', { code: Code.fromAsset(code), auth: modes[what]() });
}
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
`;

/** Installs cdk-nag into a scaffolded app, for this time only, and adds an app that uses it. */
export async function installNag(app: string): Promise<void> {
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', `cdk-nag@${VERSION}`], { cwd: app, env: e2eEnv() });
  writeFileSync(join(app, 'nag.ts'), APP);
}

/** Checks modes, or a plain queue, by the rules of AWS Solutions. */
export async function nag(app: string, ...what: string[]): Promise<RunResult> {
  return tryRun('npx', ['--no-install', 'tsx', 'nag.ts', ...what], { cwd: app, env: e2eEnv() });
}
