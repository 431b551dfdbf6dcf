import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { McpSecretDelivery } from '../../src';
import { statements, synthesize } from '../support/prebuilt';

const VERSION = '00000000-1111-2222-3333-444444444444';

function secretStatements(template: Parameters<typeof statements>[0]) {
  return statements(template).filter(({ Action }) => JSON.stringify(Action).match(/secretsmanager|kms/));
}

test('a value goes into the environment by CloudFormation, and the function may read nothing', () => {
  const { template } = synthesize((stack) => ({ secrets: { API_KEY: { secret: Secret.fromSecretNameV2(stack, 'Given', 'pmcp-deploy/a/default/API_KEY') } } }));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { API_KEY: '{{resolve:secretsmanager:pmcp-deploy/a/default/API_KEY:SecretString:::}}' } },
    Layers: Match.absent(),
  });
  expect(secretStatements(template)).toEqual([]);
});

test('a new version of the value is a new version of the function', () => {
  const versionOf = (versionId: string) => {
    const { template } = synthesize((stack) => ({ secrets: { API_KEY: { secret: Secret.fromSecretNameV2(stack, 'Given', 'a'), versionId } } }));
    template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { API_KEY: `{{resolve:secretsmanager:a:SecretString:::${versionId}}}` } } });
    return Object.keys(template.findResources('AWS::Lambda::Version'));
  };
  expect(versionOf(VERSION)).toEqual(versionOf(VERSION));
  expect(versionOf(VERSION)).not.toEqual(versionOf(VERSION.replace('0', '1')));
});

test('a secret of the stack itself is referred to by its ARN', () => {
  const { template } = synthesize((stack) => ({ secrets: { API_KEY: { secret: new Secret(stack, 'Own') } } }));
  const { API_KEY } = Object.values(template.findResources('AWS::Lambda::Function'))[0].Properties.Environment.Variables;
  expect(JSON.stringify(API_KEY)).toMatch(/\{\{resolve:secretsmanager:",\{"Ref":"Own\w+"\},":SecretString:::\}\}/);
});

test('an ARN can be delivered, with the right to read that one secret, and the extension that reads it', () => {
  const { template } = synthesize((stack) => ({
    secrets: {
      API_KEY: { secret: Secret.fromSecretNameV2(stack, 'Given', 'pmcp-deploy/a/default/API_KEY'), delivery: McpSecretDelivery.ARN },
      OTHER: { secret: Secret.fromSecretNameV2(stack, 'Other', 'other') },
    },
  }));
  const [{ Properties: { Environment: { Variables }, Layers } }] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(Variables.API_KEY).toBeUndefined();
  expect(JSON.stringify(Variables.API_KEY_SECRET_ARN)).toContain(':secret:pmcp-deploy/a/default/API_KEY');
  expect(Layers).toHaveLength(1);
  const [statement, ...more] = secretStatements(template);
  expect(more).toEqual([]);
  expect(statement).toMatchObject({ Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], Effect: 'Allow' });
  expect(JSON.stringify(statement.Resource)).toMatch(/:secret:pmcp-deploy\/a\/default\/API_KEY-\?\?\?\?\?\?"/);
});

test('the right to decrypt comes with a key of one\'s own, by way of Secrets Manager only', () => {
  const { template } = synthesize((stack) => ({
    secrets: {
      API_KEY: {
        secret: Secret.fromSecretAttributes(stack, 'Given', {
          secretCompleteArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a-abcdef',
          encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000'),
        }),
        delivery: McpSecretDelivery.ARN,
      },
    },
  }));
  expect(secretStatements(template)).toContainEqual(expect.objectContaining({
    Action: 'kms:Decrypt',
    Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] } } },
    Resource: 'arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000',
  }));
});

test('a local AWS gets values in the environment', () => {
  const props = (stack: Parameters<typeof Secret.fromSecretNameV2>[0]) => ({
    secrets: { API_KEY: { secret: Secret.fromSecretNameV2(stack, 'Given', 'a'), delivery: McpSecretDelivery.ARN } },
  });
  const { template } = synthesize(props, { 'pmcp-deploy:secret-delivery': 'environment' });
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { API_KEY: Match.stringLikeRegexp('resolve:secretsmanager') } }, Layers: Match.absent() });
  expect(() => synthesize(props, { 'pmcp-deploy:secret-delivery': 'arn' })).toThrow('it must be environment');
});

test.each([
  ['a-b', {}, {}, 'secrets has "a-b", which is not a valid environment variable'],
  ['API_KEY', {}, { API_KEY: 'x' }, 'environment.API_KEY and secrets.API_KEY set the same variable: remove one of the two'],
  ['API_KEY', { delivery: McpSecretDelivery.ARN }, { API_KEY_SECRET_ARN: 'x' }, 'environment.API_KEY_SECRET_ARN and secrets.API_KEY set the same variable'],
  ['API_KEY', { delivery: McpSecretDelivery.ARN, versionId: VERSION }, {}, 'versionId has no effect with McpSecretDelivery.ARN'],
  ['API_KEY', { versionId: 'latest' }, {}, 'secrets.API_KEY.versionId is "latest"'],
])('refuses %s with %j and %j', (name, options, environment, message) => {
  expect(() => synthesize((stack) => ({ environment: environment as Record<string, string>, secrets: { [name]: { secret: Secret.fromSecretNameV2(stack, 'Given', 'a'), ...options } } }))).toThrow(message);
});
