import { declaredSecrets } from './required';
import { listSecrets, type StoredSecret } from './store';
import type { Project } from '../project/project';

/** A secret, as people look at it. */
export interface SecretEntry {
  readonly name: string;
  readonly stage: string;
  readonly state: 'set' | 'missing' | 'deleted';

  /** When its value was set, in ISO 8601. */
  readonly changed?: string;

  /** How long that is ago, as people say it. */
  readonly age?: string;

  /** What deploy.toml says about it for the project's stage. */
  readonly declared: 'required' | 'optional' | 'not declared' | '';
}

/** The secrets of all stages, or of one, with those that deploy.toml declares for the project's stage and nobody has set. */
export async function entriesOf(project: Project, stage?: string, now: Date = new Date()): Promise<SecretEntry[]> {
  const stored = await listSecrets(project, stage);
  const declared = declaredSecrets(project);
  const wordOf = (name: string, of: string) => {
    if (of !== project.stage) return '';
    const found = declared.get(name);
    return found ? found.required ? 'required' : 'optional' : 'not declared';
  };
  const missing = [...declared.keys()].filter((name) => !stored.some((each) => each.name === name && each.stage === project.stage));
  return [
    ...stored.map((each) => toEntry(each, wordOf(each.name, each.stage), now)),
    ...missing.map((name): SecretEntry => ({ name, stage: project.stage, state: 'missing', declared: wordOf(name, project.stage) })),
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
