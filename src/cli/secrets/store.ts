import type { DescribeSecretResponse, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OWNER_TAG, secretPrefix, STAGE_TAG } from '../../config/names';
import { aws, secretsManager } from '../aws/clients';
import type { Project } from '../project/project';
import { CliError } from '../util/errors';

const NAME = /^[A-Za-z][A-Za-z0-9_]{1,127}$/;
const MAX_BYTES = 65_536;

/** What Secrets Manager answers to the deletion of a secret that is gone, or about to. */
const ALREADY_DELETED = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

/** Secrets Manager's days between a deletion and the end. */
export const RECOVERY_DAYS = { min: 7, max: 30 } as const;

/** A secret, without its value. */
export interface StoredSecret {
  readonly name: string;
  readonly stage: string;
  readonly arn: string;

  /** The current version; without one, there is no value. */
  readonly versionId?: string;
  readonly changed?: Date;
  readonly kmsKeyId?: string;

  /** When it was deleted; it can be brought back for a while. */
  readonly deleted?: Date;
}

/** @throws CliError when it can be no environment variable */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new CliError(`${JSON.stringify(name)} is no name for a secret: it becomes an environment variable, so begin with a letter, and use letters, digits and _`);
}

/** The whole name in Secrets Manager. */
export function secretId(project: Project, name: string): string {
  return secretPrefix(project.serverName, project.stage) + name;
}

/** A secret of the project's stage, or undefined when there is none. */
export async function findSecret(project: Project, name: string): Promise<StoredSecret | undefined> {
  return aws(project, `looking for the secret ${name}`, async () => {
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

/** The secrets of all of a server's stages, or of one, in the order of their names. */
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
        // The filter of AWS does not heed the case.
        const [of, name, ...rest] = Name.startsWith(prefix) ? Name.slice(`pmcp-deploy/${project.serverName}/`.length).split('/') : [];
        if (name === undefined || rest.length > 0) continue;
        found.push(toStored({ ARN, VersionIdsToStages: SecretVersionsToStages, LastChangedDate, CreatedDate, KmsKeyId, DeletedDate }, name, of));
      }
    }
    return found.sort((a, b) => a.name.localeCompare(b.name) || a.stage.localeCompare(b.stage));
  });
}

/** What a secret is set to, and how. */
export interface NewValue {
  readonly value: string;
  readonly description?: string;

  /** Id, ARN or alias of a KMS key. @default - Secrets Manager's own key */
  readonly kmsKey?: string;
}

/** What became of a secret that was given a value. */
export interface Outcome {
  /** `restored` is brought back from its deletion with the value that it had; `re-encrypted` was given a key, and has the same value. */
  readonly done: 'created' | 'changed' | 'restored' | 're-encrypted' | 'unchanged';

  /** The value that it had could not be read, for this reason, and so not be compared. */
  readonly unread?: string;
}

/**
 * Gives a secret of the project's stage a value; a deleted one is brought back.
 *
 * An equal value is not written: the new version of the secret would change the function, and the next deployment would have something to do.
 */
export async function putSecret(project: Project, name: string, { value, description, kmsKey }: NewValue): Promise<Outcome> {
  checkValue(name, value);
  const id = secretId(project, name);
  const existing = await findSecret(project, name);
  return aws(project, `setting the secret ${name}`, async () => {
    const { CreateSecretCommand, PutSecretValueCommand, RestoreSecretCommand, UpdateSecretCommand } = await import('../aws/sdk/secrets-manager');
    const client = await secretsManager(project);
    if (!existing) {
      const Tags = [{ Key: OWNER_TAG, Value: project.serverName }, { Key: STAGE_TAG, Value: project.stage }];
      await client.send(new CreateSecretCommand({ Name: id, SecretString: value, Description: description, KmsKeyId: kmsKey, Tags }));
      return { done: 'created' };
    }
    // Secrets Manager tells and takes no value of a secret that is deleted.
    if (existing.deleted) await client.send(new RestoreSecretCommand({ SecretId: id }));
    const { equal, unread } = await compare(client, id, existing, value);
    // The key first: the new value is encrypted with it, and an old one again.
    const anotherKey = kmsKey !== undefined && !isSameKey(existing.kmsKeyId, kmsKey);
    if (anotherKey) await client.send(new UpdateSecretCommand({ SecretId: id, KmsKeyId: kmsKey }));
    if (equal) return { done: existing.deleted ? 'restored' : anotherKey ? 're-encrypted' : 'unchanged' };
    await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: value }));
    return { done: 'changed', unread };
  });
}

/** Errors that say that a value may not, or cannot, be read; writing one may be allowed all the same. */
const UNREADABLE = new Set(['AccessDeniedException', 'DecryptionFailure']);

/** Whether a secret has a value already; not, where that cannot be found out. */
async function compare(
  client: SecretsManagerClient, id: string, { versionId }: StoredSecret, value: string,
): Promise<{ equal: boolean; unread?: string }> {
  if (versionId === undefined) return { equal: false };
  const { GetSecretValueCommand } = await import('../aws/sdk/secrets-manager');
  try {
    // A binary value is another one, whatever its bytes are.
    return { equal: (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString === value };
  } catch (error) {
    const { name } = error as Error;
    if (name === 'ResourceNotFoundException') return { equal: false };
    if (UNREADABLE.has(name)) return { equal: false, unread: name };
    throw error;
  }
}

/** Whether a key is the one of an ARN, which Secrets Manager answers; it is asked for by ARN, id or alias. */
function isSameKey(arn: string | undefined, key: string): boolean {
  return arn !== undefined && (arn === key || arn.endsWith(`:key/${key}`) || arn.endsWith(`:${key}`));
}

function checkValue(name: string, value: string): void {
  if (value === '') throw new CliError(`the value of ${name} is empty: nothing was set`);
  if (Buffer.byteLength(value) > MAX_BYTES) throw new CliError(`the value of ${name} has ${Buffer.byteLength(value)} bytes, more than the ${MAX_BYTES} of Secrets Manager`);
  if (value.includes('\0')) throw new CliError(`the value of ${name} has a NUL character, which no environment variable can hold`);
}

/** Deletes a secret of the project's stage; without days for a recovery, at once and for good. */
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
      // A try whose answer was lost may have done it.
      const left = await findSecret(project, name);
      if (left && (recoveryDays === undefined || !left.deleted)) throw error;
    }
  });
}
