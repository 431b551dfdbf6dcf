import {
  CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, ListSecretsCommand, PutSecretValueCommand, RestoreSecretCommand,
  SecretsManagerClient, UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type { Project } from '../../../src/cli/project';
import { entriesOf } from '../../../src/cli/secrets/list';
import { requireSecrets, withSecrets } from '../../../src/cli/secrets/required';
import { checkName, deleteSecret, putSecret } from '../../../src/cli/secrets/store';

const manager = mockClient(SecretsManagerClient);
const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:x-abcdef';
const VALUE = 'never-shown';

function project(secrets: Record<string, { required: boolean; description?: string; obtain?: string }>): Project {
  const file = { servers: [{ secrets }] };
  return { region: 'us-east-1', serverName: 'hello', stage: 'prod', file } as unknown as Project;
}

function missing(): Error {
  return Object.assign(new Error('not there'), { name: 'ResourceNotFoundException' });
}

const CURRENT = { ARN, VersionIdsToStages: { old: ['AWSPREVIOUS'], new: ['AWSCURRENT'] } };

beforeEach(() => manager.reset());

test('a new secret is created with the name of server and stage, and their tags', async () => {
  manager.on(DescribeSecretCommand).rejects(missing()).on(CreateSecretCommand).resolves({});
  expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey: 'alias/mine' })).toBe('created');
  expect(manager.commandCalls(CreateSecretCommand)[0].args[0].input).toMatchObject({
    Name: 'pmcp-deploy/hello/prod/API_KEY',
    SecretString: VALUE,
    KmsKeyId: 'alias/mine',
    Tags: [{ Key: 'pmcp-deploy:server', Value: 'hello' }, { Key: 'pmcp-deploy:stage', Value: 'prod' }],
  });
});

test('an existing one gets a new value, with another key before it', async () => {
  manager.on(DescribeSecretCommand).resolves(CURRENT).on(PutSecretValueCommand).resolves({}).on(UpdateSecretCommand).resolves({});
  expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey: 'k' })).toBe('changed');
  expect(manager.calls().map(({ args }) => args[0].constructor.name)).toEqual(['DescribeSecretCommand', 'UpdateSecretCommand', 'PutSecretValueCommand']);
});

test('a deleted one is brought back first', async () => {
  manager.on(DescribeSecretCommand).resolves({ ...CURRENT, DeletedDate: new Date() });
  manager.on(RestoreSecretCommand).resolves({}).on(PutSecretValueCommand).resolves({});
  await putSecret(project({}), 'API_KEY', { value: VALUE });
  expect(manager.calls().map(({ args }) => args[0].constructor.name)).toEqual(['DescribeSecretCommand', 'RestoreSecretCommand', 'PutSecretValueCommand']);
});

test.each(['', 'a\0b', 'x'.repeat(65_537)])('a value that can be none sets nothing', async (value) => {
  await expect(putSecret(project({}), 'API_KEY', { value })).rejects.toThrow(/API_KEY/);
  expect(manager.calls()).toEqual([]);
});

test('what AWS says about an error does not carry the value', async () => {
  manager.on(DescribeSecretCommand).rejects(missing())
    .on(CreateSecretCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }));
  const error: Error = await putSecret(project({}), 'API_KEY', { value: VALUE }).catch((each: Error) => each) as Error;
  expect(error.message).toBe('AWS refused setting the secret API_KEY: no (AccessDeniedException)');
  expect(JSON.stringify(error)).not.toContain(VALUE);
});

test.each([[7, { RecoveryWindowInDays: 7 }], [undefined, { ForceDeleteWithoutRecovery: true }]])('a deletion with %p days', async (days, input) => {
  manager.on(DeleteSecretCommand).resolves({});
  await deleteSecret(project({}), 'API_KEY', days);
  expect(manager.commandCalls(DeleteSecretCommand)[0].args[0].input).toEqual({ SecretId: 'pmcp-deploy/hello/prod/API_KEY', ...input });
});

test.each(['a-b', '1A', '', 'A', 'A B'])('%j is no name', (name) => {
  expect(() => checkName(name)).toThrow('is no name for a secret');
});

describe('before a deployment', () => {
  const declared = { API_KEY: { required: true, description: 'Key of the weather service', obtain: 'https://example.com/keys' }, OTHER: { required: false } };

  test('the secrets that are there are handed on, by ARN and version', async () => {
    manager.on(DescribeSecretCommand).resolves(CURRENT).on(DescribeSecretCommand, { SecretId: 'pmcp-deploy/hello/prod/OTHER' }).rejects(missing());
    const found = await withSecrets(project(declared));
    expect(found.secrets).toEqual({ API_KEY: { arn: ARN, versionId: 'new' } });
    expect(() => requireSecrets(found)).not.toThrow();
  });

  test.each([['missing', missing()], ['deleted', { ...CURRENT, DeletedDate: new Date() }], ['without a value', { ARN }]])('a required one that is %s stops it', async (_, answer) => {
    if (answer instanceof Error) manager.on(DescribeSecretCommand).rejects(answer);
    else manager.on(DescribeSecretCommand).resolves(answer);
    const found = await withSecrets(project(declared));
    expect(() => requireSecrets(found)).toThrow(expect.objectContaining({
      message: 'hello lacks a secret that it needs in stage prod:\n  API_KEY: Key of the weather service (get it: https://example.com/keys)',
      hint: 'set it with: npx pmcp-deploy secrets set API_KEY --stage prod',
    }));
  });

  test('nothing is asked of AWS where nothing is declared', async () => {
    expect((await withSecrets(project({}))).secrets).toBeUndefined();
    expect(manager.calls()).toEqual([]);
  });
});

test('the list has all stages, what is declared and missing, and no value', async () => {
  manager.on(ListSecretsCommand).resolvesOnce({
    NextToken: 'more',
    SecretList: [
      { Name: 'pmcp-deploy/hello/prod/API_KEY', ARN, SecretVersionsToStages: { v: ['AWSCURRENT'] }, LastChangedDate: new Date('2026-01-01T00:00:00Z') },
      { Name: 'pmcp-deploy/hello/default/API_KEY', ARN, SecretVersionsToStages: { v: ['AWSCURRENT'] }, DeletedDate: new Date() },
    ],
  }).resolvesOnce({ SecretList: [{ Name: 'pmcp-deploy/Hello/prod/FOREIGN' }, { Name: 'pmcp-deploy/hello/prod/OLD', SecretVersionsToStages: { v: ['AWSCURRENT'] } }] });
  const entries = await entriesOf(project({ API_KEY: { required: true }, NEW: { required: false } }), undefined, new Date('2026-01-04T00:00:00Z'));
  expect(entries.map(({ name, stage, state, age, declared }) => [name, stage, state, age, declared])).toEqual([
    ['API_KEY', 'default', 'deleted', undefined, ''],
    ['API_KEY', 'prod', 'set', '3 days', 'required'],
    ['NEW', 'prod', 'missing', undefined, 'optional'],
    ['OLD', 'prod', 'set', undefined, 'not declared'],
  ]);
});
