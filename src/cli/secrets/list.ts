import { declaredSecrets } from './required';
import { listSecrets, type StoredSecret } from './store';
import type { Project } from '../project/project';

/** A secret, as `secrets list` shows it. */
export interface SecretEntry {
  readonly name: string;
  readonly stage: string;
  readonly state: 'set' | 'missing' | 'deleted';

  /** When its value was set, in ISO 8601. */
  readonly changed?: string;

  /** How long ago that was, as text. */
  readonly age?: string;

  /** What deploy.toml says about it. Empty for secrets of other stages than the project's. */
  readonly declared: 'required' | 'optional' | 'not declared' | '';
}

/**
 * List the secrets, including those that deploy.toml declares for the project's stage and that are not set.
 *
 * @param stage all stages if undefined
 */
export async function listSecretEntries(project: Project, stage?: string, now: Date = new Date()): Promise<SecretEntry[]> {
  const stored = await listSecrets(project, stage);
  const declared = declaredSecrets(project);
  const declarationOf = (name: string, of: string) => {
    if (of !== project.stage) return '';
    const found = declared.get(name);
    return found ? found.required ? 'required' : 'optional' : 'not declared';
  };
  const missing = [...declared.keys()].filter((name) => !stored.some((each) => each.name === name && each.stage === project.stage));
  return [
    ...stored.map((each) => toEntry(each, declarationOf(each.name, each.stage), now)),
    ...missing.map((name): SecretEntry => ({ name, stage: project.stage, state: 'missing', declared: declarationOf(name, project.stage) })),
  ].sort((a, b) => a.name.localeCompare(b.name) || a.stage.localeCompare(b.stage));
}

function toEntry({ name, stage, versionId, changed, deleted }: StoredSecret, declared: SecretEntry['declared'], now: Date): SecretEntry {
  const state = deleted ? 'deleted' : versionId === undefined ? 'missing' : 'set';
  return { name, stage, state, changed: changed?.toISOString(), age: changed && ageOf(changed, now), declared };
}

function ageOf(then: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - then.getTime()) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1440)} days`;
}
