import { join } from 'node:path';
import {
  CreateSecretCommand, DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { awsError } from '../support/aws';
import { TestProject, write } from '../support/project';
import { cli, type Ran } from '../support/run';

const manager = mockClient(SecretsManagerClient);
const TOML = '[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[secrets.FIRST]\n[secrets.SECOND]\n[secrets.THIRD]\n';
const STORED: Record<string, string> = { FIRST: 'one-is-never-shown', SECOND: 'two-is-never-shown' };

/** Secrets Manager with the values above. */
beforeEach(() => {
  manager.reset();
  const valueOf = (id: string) => {
    const value = STORED[id.split('/').at(-1)!];
    if (value === undefined) throw awsError('ResourceNotFoundException');
    return value;
  };
  manager.on(DescribeSecretCommand).callsFake(({ SecretId }: { SecretId: string }) => {
    valueOf(SecretId);
    return { ARN: 'arn', VersionIdsToStages: { one: ['AWSCURRENT'] } };
  });
  manager.on(GetSecretValueCommand).callsFake(({ SecretId }: { SecretId: string }) => ({ SecretString: valueOf(SecretId) }));
  manager.on(CreateSecretCommand).resolves({});
  manager.on(PutSecretValueCommand).resolves({});
});

/** Runs `secrets` with a file. */
async function secrets(args: string[], content: string): Promise<Ran> {
  const project = new TestProject(TOML);
  write(join(project.root, 'values'), content);
  const ran = await cli(project.root, project.environment(), 'secrets', ...args);
  for (const value of Object.values(STORED)) expect(ran.stdout + ran.stderr).not.toContain(value);
  return ran;
}

test('aws B3: secrets set says that a secret has the value already, and changes nothing', async () => {
  expect(await secrets(['set', 'FIRST', '--file', 'values'], STORED.FIRST)).toEqual({
    code: 0, stdout: '', stderr: '✔ FIRST of stage default already has this value; nothing was changed\n',
  });
  expect(manager.commandCalls(PutSecretValueCommand)).toHaveLength(0);
});

test('secrets set says that the next deployment brings another value', async () => {
  expect((await secrets(['set', 'FIRST', '--file', 'values'], 'another')).stderr).toBe(
    '✔ FIRST of stage default is changed\n  the next deployment delivers it to the server: npx pmcp-deploy deploy\n');
});

test('aws B3: secrets set says why it could not compare', async () => {
  manager.on(GetSecretValueCommand).rejects(awsError('AccessDeniedException'));
  const { code, stderr } = await secrets(['set', 'FIRST', '--file', 'values'], STORED.FIRST);
  expect(stderr).toBe('✔ FIRST of stage default is changed\n'
    + '  the old value could not be read (AccessDeniedException), so the new one counts as changed even if it is equal; to compare them,'
    + ' allow secretsmanager:GetSecretValue (and kms:Decrypt for a custom key)\n'
    + '  the next deployment delivers it to the server: npx pmcp-deploy deploy\n');
  expect(code).toBe(0);
});

test('aws B3: secrets import leaves equal values alone, and counts them', async () => {
  expect(await secrets(['import', 'values'], `FIRST=${STORED.FIRST}\nSECOND=another\nTHIRD=new\n`)).toEqual({
    code: 0,
    stdout: '',
    stderr: '✔ FIRST of stage default already has this value; nothing was changed\n✔ SECOND of stage default is changed\n✔ THIRD of stage default is set\n'
      + '  2 set, 1 unchanged\n',
  });
  expect(manager.commandCalls(PutSecretValueCommand).map(({ args }) => args[0].input.SecretId)).toEqual(['pmcp-deploy/hello/default/SECOND']);
});
