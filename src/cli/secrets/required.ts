import { findSecret, type StoredSecret } from './store';
import type { Deployment } from '../../config/load/deploy-file';
import { stageFlags, type Project } from '../project/project';
import { CliError } from '../util/errors';

type Declared = Deployment['secrets'][string];

/** What deploy.toml declares for the stage, for all of its servers. */
export function declaredSecrets({ file }: Project): Map<string, Declared> {
  return new Map(file.servers.flatMap(({ secrets }) => Object.entries(secrets)));
}

/** The project with the declared secrets that are there, as the CDK app is told of them. */
export async function withSecrets(project: Project): Promise<Project> {
  const names = [...declaredSecrets(project).keys()];
  if (names.length === 0) return project;
  const found: Array<[string, StoredSecret | undefined]> = await Promise.all(names.map(async (name) => [name, await findSecret(project, name)]));
  const secrets = found.flatMap(([name, secret]) => isUsable(secret) ? [[name, { arn: secret.arn, versionId: secret.versionId }] as const] : []);
  return { ...project, secrets: Object.fromEntries(secrets) };
}

/** @throws CliError when a required secret is missing, with how to set it */
export function requireSecrets(project: Project): void {
  const declared = declaredSecrets(project);
  const missing = [...declared].filter(([name, { required }]) => required && project.secrets?.[name] === undefined).map(([name]) => name);
  if (missing.length > 0) throw missingSecrets(project, missing, declared);
}

function isUsable(secret: StoredSecret | undefined): secret is StoredSecret & { readonly versionId: string } {
  return secret?.versionId !== undefined && secret.deleted === undefined;
}

function missingSecrets(project: Project, names: readonly string[], declared: ReadonlyMap<string, Declared>): CliError {
  const lines = names.map((name) => {
    const { description, obtain } = declared.get(name)!;
    return `  ${name}${description ? `: ${description}` : ''}${obtain ? ` (get it: ${obtain})` : ''}`;
  });
  const what = names.length === 1 ? 'a secret that it needs' : `${names.length} secrets that it needs`;
  return new CliError([`${project.serverName} lacks ${what} in stage ${project.stage}:`, ...lines].join('\n'), {
    hint: names.map((name) => `set it with: npx pmcp-deploy secrets set ${name}${stageFlags(project)}`).join('\n  '),
  });
}
