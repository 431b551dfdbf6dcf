import {
  CreateSecretCommand, DeleteSecretCommand, DescribeSecretCommand, GetSecretValueCommand, ListSecretsCommand, PutSecretValueCommand,
  RestoreSecretCommand, SecretsManagerClient, UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type { Project } from '../../../src/cli/project/project';
import { listSecretEntries } from '../../../src/cli/secrets/list';
import { requireSecrets, readSecretVersions } from '../../../src/cli/secrets/required';
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
  expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey: 'alias/mine' })).toEqual({ done: 'created' });
  expect(manager.commandCalls(CreateSecretCommand)[0].args[0].input).toMatchObject({
    Name: 'pmcp-deploy/hello/prod/API_KEY',
    SecretString: VALUE,
    KmsKeyId: 'alias/mine',
    Tags: [{ Key: 'pmcp-deploy:server', Value: 'hello' }, { Key: 'pmcp-deploy:stage', Value: 'prod' }],
  });
});

/** The calls of Secrets Manager, in their order. */
function calls(): string[] {
  return manager.calls().map(({ args }) => args[0].constructor.name.replace('Command', ''));
}

/** The secret is there, with this value. */
function stored(value: { SecretString?: string; SecretBinary?: Uint8Array } | Error, changes: object = {}): void {
  manager.on(DescribeSecretCommand).resolves({ ...CURRENT, ...changes });
  if (value instanceof Error) manager.on(GetSecretValueCommand).rejects(value);
  else manager.on(GetSecretValueCommand).resolves(value);
  manager.on(PutSecretValueCommand).resolves({}).on(UpdateSecretCommand).resolves({}).on(RestoreSecretCommand).resolves({});
}

function refusal(name: string): Error {
  return Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 400 } });
}

test('an existing one gets a new value, with another key before it', async () => {
  stored({ SecretString: 'old' });
  expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey: 'k' })).toEqual({ done: 'changed' });
  expect(calls()).toEqual(['DescribeSecret', 'GetSecretValue', 'UpdateSecret', 'PutSecretValue']);
});

test('a deleted one is brought back first', async () => {
  stored({ SecretString: 'old' }, { DeletedDate: new Date() });
  expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'changed' });
  expect(calls()).toEqual(['DescribeSecret', 'RestoreSecret', 'GetSecretValue', 'PutSecretValue']);
});

describe('aws B3: a secret that is set to the value it has', () => {
  const key = 'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012';

  test('is not changed, so that its version stays', async () => {
    stored({ SecretString: VALUE });
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'unchanged' });
    expect(calls()).toEqual(['DescribeSecret', 'GetSecretValue']);
  });

  test.each([key, key.split('/')[1]])('is not changed when it has the key %s already', async (kmsKey) => {
    stored({ SecretString: VALUE }, { KmsKeyId: key });
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey })).toEqual({ done: 'unchanged' });
    expect(calls()).toEqual(['DescribeSecret', 'GetSecretValue']);
  });

  test.each([key.slice(0, -1), 'alias/mine', '9012'])('gets the key %s without a new version', async (kmsKey) => {
    stored({ SecretString: VALUE }, { KmsKeyId: key });
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE, kmsKey })).toEqual({ done: 're-encrypted' });
    expect(calls()).toEqual(['DescribeSecret', 'GetSecretValue', 'UpdateSecret']);
  });

  test('is brought back without a new version when it is deleted', async () => {
    stored({ SecretString: VALUE }, { DeletedDate: new Date() });
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'restored' });
    expect(calls()).toEqual(['DescribeSecret', 'RestoreSecret', 'GetSecretValue']);
  });

  test.each([
    ['in other case', { SecretString: VALUE.toUpperCase() }],
    ['with a line end', { SecretString: `${VALUE}\n` }],
    ['of the same bytes, but binary', { SecretBinary: Buffer.from(VALUE) }],
    ['that is not there', missing()],
  ])('is another one than one %s', async (_, value) => {
    stored(value);
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'changed' });
    expect(calls().at(-1)).toBe('PutSecretValue');
  });

  test.each(['AccessDeniedException', 'DecryptionFailure'])('is set where it may be written and not read: %s', async (name) => {
    stored(refusal(name));
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'changed', unread: name });
    // What all who may describe the secret can see has nothing of the value in it: the SDK makes up the id.
    expect(manager.commandCalls(PutSecretValueCommand)[0].args[0].input).toEqual({ SecretId: 'pmcp-deploy/hello/prod/API_KEY', SecretString: VALUE });
  });

  test('is not set when reading it fails for another reason', async () => {
    stored(refusal('ThrottlingException'));
    await expect(putSecret(project({}), 'API_KEY', { value: VALUE })).rejects.toThrow('AWS throttled every attempt while setting the secret API_KEY');
    expect(calls()).not.toContain('PutSecretValue');
  });

  test('is not asked for where there was no value', async () => {
    manager.on(DescribeSecretCommand).resolves({ ARN }).on(PutSecretValueCommand).resolves({});
    expect(await putSecret(project({}), 'API_KEY', { value: VALUE })).toEqual({ done: 'changed' });
    expect(calls()).toEqual(['DescribeSecret', 'PutSecretValue']);
  });
});

test.each(['', 'a\0b', 'x'.repeat(65_537)])('a value that can be none sets nothing', async (value) => {
  await expect(putSecret(project({}), 'API_KEY', { value })).rejects.toThrow(/API_KEY/);
  expect(manager.calls()).toEqual([]);
});

test('what AWS says about an error does not carry the value', async () => {
  manager.on(DescribeSecretCommand).rejects(missing())
    .on(CreateSecretCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }));
  const error: Error = await putSecret(project({}), 'API_KEY', { value: VALUE }).catch((each: Error) => each) as Error;
  expect(error.message).toBe('AWS refused the call while setting the secret API_KEY: no (AccessDeniedException)');
  expect(JSON.stringify(error)).not.toContain(VALUE);
});

test.each([[7, { RecoveryWindowInDays: 7 }], [undefined, { ForceDeleteWithoutRecovery: true }]])('a deletion with %p days', async (days, input) => {
  manager.on(DeleteSecretCommand).resolves({});
  await deleteSecret(project({}), 'API_KEY', days);
  expect(manager.commandCalls(DeleteSecretCommand)[0].args[0].input).toEqual({ SecretId: 'pmcp-deploy/hello/prod/API_KEY', ...input });
});

test.each(['a-b', '1A', '', 'A', 'A B'])('%j is not a valid name', (name) => {
  expect(() => checkName(name)).toThrow('is not a valid name of a secret');
});

describe('before a deployment', () => {
  const declared = { API_KEY: { required: true, description: 'Key of the weather service', obtain: 'https://example.com/keys' }, OTHER: { required: false } };

  test('the secrets that are there are handed on, by ARN and version', async () => {
    manager.on(DescribeSecretCommand).resolves(CURRENT).on(DescribeSecretCommand, { SecretId: 'pmcp-deploy/hello/prod/OTHER' }).rejects(missing());
    const found = await readSecretVersions(project(declared));
    expect(found).toEqual({ API_KEY: { arn: ARN, versionId: 'new' } });
    expect(() => requireSecrets(project(declared), found)).not.toThrow();
  });

  test.each([['missing', missing()], ['deleted', { ...CURRENT, DeletedDate: new Date() }], ['without a value', { ARN }]])('a required one that is %s stops it', async (_, answer) => {
    if (answer instanceof Error) manager.on(DescribeSecretCommand).rejects(answer);
    else manager.on(DescribeSecretCommand).resolves(answer);
    const found = await readSecretVersions(project(declared));
    expect(() => requireSecrets(project(declared), found)).toThrow(expect.objectContaining({
      message: 'hello lacks a required secret in stage prod:\n  API_KEY: Key of the weather service (get it: https://example.com/keys)',
      hint: 'set it with: npx pmcp-deploy secrets set API_KEY --stage prod',
    }));
  });

  test('nothing is asked of AWS where nothing is declared', async () => {
    expect(await readSecretVersions(project({}))).toBeUndefined();
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
  const entries = await listSecretEntries(project({ API_KEY: { required: true }, NEW: { required: false } }), undefined, new Date('2026-01-04T00:00:00Z'));
  expect(entries.map(({ name, stage, state, age, declared }) => [name, stage, state, age, declared])).toEqual([
    ['API_KEY', 'default', 'deleted', undefined, ''],
    ['API_KEY', 'prod', 'set', '3 days', 'required'],
    ['NEW', 'prod', 'missing', undefined, 'optional'],
    ['OLD', 'prod', 'set', undefined, 'not declared'],
  ]);
});
