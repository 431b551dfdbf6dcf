import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { MINIMAL, serverFolder } from './deploy-toml';
import { DeployConfig, McpServerStack } from '../../src';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:pmcp-deploy/hello/default/API_KEY-abcdef';
const VERSION = '00000000-1111-2222-3333-444444444444';

function synthesize(toml: string, found?: Record<string, unknown>, stage?: string) {
  const root = serverFolder(`${MINIMAL}${toml}`, { 'Cargo.toml': '[package]\nname = "hello"\nversion = "1.0.0"\n', 'src/main.rs': 'fn main() {}\n' });
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], ...found && { 'pmcp-deploy:secrets': JSON.stringify(found) } } });
  const stack = new McpServerStack(app, 'Stack', { config: DeployConfig.load(join(root, '.pmcp', 'deploy.toml'), { stage }) });
  const template = Template.fromStack(stack);
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  return { stack, template, variables: functions.map(({ Properties }) => Properties.Environment.Variables) };
}

test('a required secret is looked for under the name of server and stage', () => {
  const [{ API_KEY }] = synthesize('[secrets.API_KEY]\n').variables;
  expect(API_KEY).toMatch(/^\{\{resolve:secretsmanager:pmcp-deploy\/\w+\/default\/API_KEY:SecretString:::\}\}$/);
  const [{ API_KEY: inProd }] = synthesize('[secrets.API_KEY]\n[stages.prod]\n', undefined, 'prod').variables;
  expect(inProd).toMatch(/\/prod\/API_KEY:/);
});

test('what the command line found is referred to by ARN and version', () => {
  const { variables, stack } = synthesize('[secrets.API_KEY]\n[secrets.OTHER]\nrequired = false\n', { API_KEY: { arn: ARN, versionId: VERSION } });
  expect(variables).toEqual([expect.objectContaining({ API_KEY: `{{resolve:secretsmanager:${ARN}:SecretString:::${VERSION}}}` })]);
  expect(variables[0].OTHER).toBeUndefined();
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('optional'))).toEqual([]);
});

test('an optional secret is there when it was found, and a warning says so when nobody has looked', () => {
  const toml = '[secrets.API_KEY]\nrequired = false\n';
  expect(synthesize(toml, { API_KEY: { arn: ARN, versionId: VERSION } }).variables[0].API_KEY).toContain(VERSION);
  const { stack, variables } = synthesize(toml);
  expect(variables[0].API_KEY).toBeUndefined();
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('API_KEY: only "pmcp-deploy deploy" knows if optional secrets are set'));
});

test('an ARN is delivered where the file says so, and its key may decrypt', () => {
  const { template, variables } = synthesize(`[secrets.API_KEY]\ndelivery = "arn"
kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"\n`, { API_KEY: { arn: ARN, versionId: VERSION } });
  expect(variables[0]).toMatchObject({ API_KEY_SECRET_ARN: ARN });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Resource: ARN }),
        Match.objectLike({ Action: 'kms:Decrypt', Resource: Match.stringLikeRegexp(':key/0') }),
      ]),
    },
  });
});

test('the servers of a stack share a secret', () => {
  const { variables } = synthesize('[secrets.API_KEY]\n[[servers]]\nname = "a"\nbuild.binary = "a"\n[[servers]]\nname = "b"\nbuild.binary = "b"\n', {
    API_KEY: { arn: ARN, versionId: VERSION },
  });
  expect(variables).toHaveLength(2);
  expect(variables[0].API_KEY).toBe(variables[1].API_KEY);
});
