import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { cfnLintErrors } from './support/cfn-lint';
import { DeployConfig, McpServerStack } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASE = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\naccount_id = "123456789012"\n[server]\nname = "hello"\n';
const ALARMS = '[observability]\ncreate_dashboard = true\n[observability.alarms]\nemails = ["ops@example.com"]\n';
const SECRETS = `[secrets.FIRST_KEY]
[secrets.SECOND_KEY]
delivery = "arn"
kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"
`;
const COGNITO = '[auth]\nenabled = true\nprovider = "cognito"\n';

/** The template of a deploy.toml; the code is not built. */
function templateOf(toml: string, context: Record<string, unknown>): string {
  const root = mkdtempSync(join(folder, 'server-'));
  for (const each of ['.pmcp', 'src']) mkdirSync(join(root, each));
  writeFileSync(join(root, 'Cargo.toml'), '[package]\nname = "hello"\nversion = "1.0.0"\n');
  writeFileSync(join(root, 'src', 'main.rs'), 'fn main() {}\n');
  writeFileSync(join(root, '.pmcp', 'deploy.toml'), toml);
  const app = new App({ outdir: join(root, 'cdk.out'), context: { 'aws:cdk:bundling-stacks': [], ...context } });
  const { templateFile } = new McpServerStack(app, 'Stack', { config: DeployConfig.load(join(root, '.pmcp', 'deploy.toml')) });
  app.synth();
  return join(root, 'cdk.out', templateFile);
}

const FOUND = JSON.stringify(Object.fromEntries(['FIRST_KEY', 'SECOND_KEY'].map((name) => [name, {
  arn: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:pmcp-deploy/hello/default/${name}-AbCdEf`, versionId: '0123456789abcdef0123456789abcdef',
}])));

test.each<[what: string, toml: string, context?: Record<string, unknown>]>([
  ['nothing but the least', BASE],
  ['a gradual deployment', `${BASE}[deployment]\nstrategy = "canary10percent5minutes"\n`],
  ['a dashboard and alarms', BASE + ALARMS],
  ['secrets, as a plain cdk deploy has them', BASE + SECRETS],
  ['secrets, as the command line has them', BASE + SECRETS, { 'pmcp-deploy:secrets': FOUND }],
  ['a user pool', BASE + COGNITO],
  ['a user pool where clients register themselves', `${BASE}${COGNITO}[auth.cognito]\nsign_in_case_sensitive = false\n[auth.dcr]\n`],
  ['a user pool with the classic page', `${BASE}${COGNITO}[auth.cognito]\nsign_in_page = "classic"\n[auth.dcr]\n`],
  ['all of it, with warm instances', `${BASE}provisioned_concurrency = 2\n[deployment]\nstrategy = "linear10percentevery1minute"\n${ALARMS}${SECRETS}${COGNITO}`],
])('cfn-lint has no error for %s', async (_, toml, context = {}) => {
  expect(await cfnLintErrors(templateOf(toml, context))).toBe('');
});

test('cfn-lint would find one', async () => {
  const template = join(folder, 'wrong.json');
  writeFileSync(template, JSON.stringify({ Resources: { Alias: { Type: 'AWS::Lambda::Alias', Properties: { Name: 'live', Versoin: '1' } } } }));
  expect(await cfnLintErrors(template)).toContain('Versoin');
});
