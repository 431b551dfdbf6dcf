import { findSecret, type StoredSecret } from './store';
import type { Deployment } from '../../config/load/deploy-file';
import type { SecretVersions } from '../project/cdk-context';
import { stageFlags, type Project } from '../project/project';
import { CliError } from '../util/errors';

type Declared = Deployment['secrets'][string];

/** The secrets that deploy.toml declares for the stage, for all of its servers. */
export function declaredSecrets({ file }: Project): Map<string, Declared> {
  return new Map(file.servers.flatMap(({ secrets }) => Object.entries(secrets)));
}

/** The declared secrets that have a value, for the context of the CDK app. Undefined if none is declared. */
export async function readSecretVersions(project: Project): Promise<SecretVersions | undefined> {
  const names = [...declaredSecrets(project).keys()];
  if (names.length === 0) return undefined;
  const found: Array<[string, StoredSecret | undefined]> = await Promise.all(
    names.map(async (name) => [name, await findSecret(project, name)]),
  );
  return Object.fromEntries(found.flatMap(([name, secret]) => (
    hasValue(secret) ? [[name, { arn: secret.arn, versionId: secret.versionId }] as const] : []
  )));
}

/** @throws CliError if a required secret has no value, with the command that sets it */
export function requireSecrets(project: Project, secrets: SecretVersions = {}): void {
  const declared = declaredSecrets(project);
  const missing = [...declared].filter(([name, { required }]) => required && secrets[name] === undefined).map(([name]) => name);
  if (missing.length > 0) throw missingSecrets(project, missing, declared);
}

function hasValue(secret: StoredSecret | undefined): secret is StoredSecret & { readonly versionId: string } {
  return secret?.versionId !== undefined && secret.deleted === undefined;
}

function missingSecrets(project: Project, names: readonly string[], declared: ReadonlyMap<string, Declared>): CliError {
  const lines = names.map((name) => {
    const { description, obtain } = declared.get(name)!;
    return `  ${name}${description ? `: ${description}` : ''}${obtain ? ` (get it: ${obtain})` : ''}`;
  });
  const count = names.length === 1 ? 'a required secret' : `${names.length} required secrets`;
  return new CliError([`${project.serverName} lacks ${count} in stage ${project.stage}:`, ...lines].join('\n'), {
    hint: names.map((name) => `set it with: npx pmcp-deploy secrets set ${name}${stageFlags(project)}`).join('\n  '),
  });
}
