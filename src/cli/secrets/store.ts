import type { DescribeSecretResponse, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OWNER_TAG, secretPrefix, STAGE_TAG } from '../../config/names';
import { SECRET_NAME } from '../../function/variable-names';
import { aws, secretsManager } from '../aws/clients';
import type { Project } from '../project/project';
import { CliError } from '../util/errors';

const MAX_BYTES = 65_536;

/** Errors of Secrets Manager if a secret to delete is already deleted, or scheduled for deletion. */
const ALREADY_DELETED = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

/** A secret, without its value. */
export interface StoredSecret {
  readonly name: string;
  readonly stage: string;
  readonly arn: string;

  /** The current version. Undefined if the secret has no value. */
  readonly versionId?: string;
  readonly changed?: Date;
  readonly kmsKeyId?: string;

  /** When it was deleted. It can be restored during its recovery window. */
  readonly deleted?: Date;
}

/** @throws CliError if the name cannot be that of an environment variable */
export function checkName(name: string): string {
  if (SECRET_NAME.test(name)) return name;
  throw new CliError(`${JSON.stringify(name)} is not a valid name of a secret: it becomes an environment variable,`
    + ' so it must be a letter and then letters, digits and _');
}

/** The full name in Secrets Manager. */
export function secretId(project: Project, name: string): string {
  return secretPrefix(project.serverName, project.stage) + name;
}

/** Read a secret of the project's stage, or undefined if it does not exist. */
export async function findSecret(project: Project, name: string): Promise<StoredSecret | undefined> {
  return aws(project, `reading the secret ${name}`, async () => {
    const { DescribeSecretCommand } = await import('../aws/sdk/secrets-manager');
    try {
      const client = await secretsManager(project);
      return toStored(await client.send(new DescribeSecretCommand({ SecretId: secretId(project, name) })), name, project.stage);
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  });
}

function toStored(answer: DescribeSecretResponse, name: string, stage: string): StoredSecret {
  const { ARN = '', VersionIdsToStages = {}, LastChangedDate, CreatedDate, KmsKeyId, DeletedDate } = answer;
  const versionId = Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  return { name, stage, arn: ARN, versionId, changed: LastChangedDate ?? CreatedDate, kmsKeyId: KmsKeyId, deleted: DeletedDate };
}

/**
 * Read the secrets of a server, in the order of their names.
 *
 * @param stage all stages if undefined
 */
export async function listSecrets(project: Project, stage?: string): Promise<StoredSecret[]> {
  const prefix = stage === undefined ? `pmcp-deploy/${project.serverName}/` : secretPrefix(project.serverName, stage);
  return aws(project, 'listing the secrets', async () => {
    const { paginateListSecrets } = await import('../aws/sdk/secrets-manager');
    const found: StoredSecret[] = [];
    const pages = paginateListSecrets({ client: await secretsManager(project) }, {
      Filters: [{ Key: 'name', Values: [prefix] }], IncludePlannedDeletion: true,
    });
    for await (const { SecretList = [] } of pages) {
      for (const { Name = '', ARN = '', SecretVersionsToStages = {}, LastChangedDate, CreatedDate, KmsKeyId, DeletedDate } of SecretList) {
        // The filter of Secrets Manager ignores case.
        const [of, name, ...rest] = Name.startsWith(prefix) ? Name.slice(`pmcp-deploy/${project.serverName}/`.length).split('/') : [];
        if (name === undefined || rest.length > 0) continue;
        const described = { ARN, VersionIdsToStages: SecretVersionsToStages, LastChangedDate, CreatedDate, KmsKeyId, DeletedDate };
        found.push(toStored(described, name, of));
      }
    }
    return found.sort((a, b) => a.name.localeCompare(b.name) || a.stage.localeCompare(b.stage));
  });
}

/** A new value of a secret, and its settings. */
export interface NewValue {
  readonly value: string;
  readonly description?: string;

  /** Id, ARN or alias of a KMS key. @default - Secrets Manager's own key */
  readonly kmsKey?: string;
}

/** The result of setting a secret. */
export interface Outcome {
  /** `restored` undoes a deletion and keeps the value. `re-encrypted` changes the key and keeps the value. */
  readonly done: 'created' | 'changed' | 'restored' | 're-encrypted' | 'unchanged';

  /** Why the old value could not be read and compared. */
  readonly unread?: string;
}

/**
 * Set the value of a secret of the project's stage. A deleted secret is restored.
 *
 * An equal value is not written, because a new version of the secret would cause a new version of the function.
 */
export async function putSecret(project: Project, name: string, { value, description, kmsKey }: NewValue): Promise<Outcome> {
  checkValue(name, value);
  const id = secretId(project, name);
  const existing = await findSecret(project, name);
  return aws(project, `setting the secret ${name}`, async () => {
    const sdk = await import('../aws/sdk/secrets-manager');
    const client = await secretsManager(project);
    if (!existing) {
      const Tags = [{ Key: OWNER_TAG, Value: project.serverName }, { Key: STAGE_TAG, Value: project.stage }];
      await client.send(new sdk.CreateSecretCommand({ Name: id, SecretString: value, Description: description, KmsKeyId: kmsKey, Tags }));
      return { done: 'created' };
    }
    // The value of a deleted secret can be neither read nor written.
    if (existing.deleted) await client.send(new sdk.RestoreSecretCommand({ SecretId: id }));
    const { equal, unread } = await compareValue(client, id, existing, value);
    // The key first, so that it encrypts the new value. It encrypts the current value again too.
    const anotherKey = kmsKey !== undefined && !isSameKey(existing.kmsKeyId, kmsKey);
    if (anotherKey) await client.send(new sdk.UpdateSecretCommand({ SecretId: id, KmsKeyId: kmsKey }));
    if (equal) return { done: existing.deleted ? 'restored' : anotherKey ? 're-encrypted' : 'unchanged' };
    await client.send(new sdk.PutSecretValueCommand({ SecretId: id, SecretString: value }));
    return { done: 'changed', unread };
  });
}

/** Errors if a value must not or cannot be read. Writing it may still be allowed. */
const UNREADABLE = new Set(['AccessDeniedException', 'DecryptionFailure']);

/** Whether a secret already has a value. False if the current value cannot be read. */
async function compareValue(
  client: SecretsManagerClient, id: string, { versionId }: StoredSecret, value: string,
): Promise<{ equal: boolean; unread?: string }> {
  if (versionId === undefined) return { equal: false };
  const { GetSecretValueCommand } = await import('../aws/sdk/secrets-manager');
  try {
    // A binary secret has no SecretString, so it never equals a text.
    return { equal: (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString === value };
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ResourceNotFoundException') return { equal: false };
    if (UNREADABLE.has(name)) return { equal: false, unread: name };
    throw error;
  }
}

/** Whether an ARN, as Secrets Manager returns it, is that of a key, which is given by ARN, id or alias. */
function isSameKey(arn: string | undefined, key: string): boolean {
  return arn !== undefined && (arn === key || arn.endsWith(`:key/${key}`) || arn.endsWith(`:${key}`));
}

function checkValue(name: string, value: string): void {
  if (value === '') throw new CliError(`the value of ${name} is empty; nothing was set`);
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_BYTES) throw new CliError(`the value of ${name} has ${bytes} bytes; Secrets Manager accepts ${MAX_BYTES}`);
  if (value.includes('\0')) throw new CliError(`the value of ${name} has a NUL character, which an environment variable cannot contain`);
}

/**
 * Delete a secret of the project's stage.
 *
 * @param recoveryDays length of the recovery window; without it, the secret is deleted immediately
 */
export async function deleteSecret(project: Project, name: string, recoveryDays?: number): Promise<void> {
  await aws(project, `deleting the secret ${name}`, async () => {
    const { DeleteSecretCommand } = await import('../aws/sdk/secrets-manager');
    try {
      await (await secretsManager(project)).send(new DeleteSecretCommand({
        SecretId: secretId(project, name),
        ...recoveryDays === undefined ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: recoveryDays },
      }));
    } catch (error) {
      if (!ALREADY_DELETED.has((error as Error).name)) throw error;
      // An earlier attempt whose answer was lost may have deleted it.
      const left = await findSecret(project, name);
      if (left && (recoveryDays === undefined || !left.deleted)) throw error;
    }
  });
}
