import { commitOf } from './commit';
import { readLiveAlias } from './live-alias';
import type { LiveVersions } from './live-versions';
import { noteAlias } from './published-versions';
import { aws, lambda } from '../aws/clients';
import type { Project } from '../project/project';
import { functionsOf } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { warn } from '../util/terminal';

/** Where a version comes from. */
export interface Origin {
  /** The git commit that it was deployed from. */
  readonly commit?: string;

  /** The version that was live before it. */
  readonly before?: string;
}

/** The note about a version. */
export function formatOrigin({ commit, before }: Origin): string {
  return [commit && `commit ${commit}`, before && `before it ${before}`].filter(Boolean).join(', ');
}

/** Read a note. Empty if this tool did not write it. */
export function parseOrigin(note: string = ''): Origin {
  const [, commit, before] = /^(?:commit ([0-9a-f]{7,64}\+?))?(?:(?:^|(?<=.), )before it (\d+))?$/.exec(note) ?? [];
  return { commit, before };
}

/**
 * Record the commit of the live versions, and the versions that were live before them.
 *
 * A failure is only a warning, because the deployment is complete without the notes.
 */
export async function recordOrigin(project: Project, stack: StackState, previous: LiveVersions): Promise<void> {
  const commit = await commitOf(project.root);
  for (const { name } of functionsOf(stack)) {
    try {
      const alias = await readLiveAlias(project, name);
      if (!alias) continue;
      const before = previous.get(name)?.version;
      const note = formatOrigin({ commit, before: before === alias.version ? undefined : before });
      if (note !== '') await createNote(project, name, alias.version, note);
    } catch (error) {
      warn(`could not record the origin of the live version of ${name}: ${(error as Error).message}`);
    }
  }
}

async function createNote(project: Project, functionName: string, version: string, note: string): Promise<void> {
  await aws(project, `creating the alias ${noteAlias(version)}`, async () => {
    const { CreateAliasCommand } = await import('../aws/sdk/lambda');
    try {
      const input = { FunctionName: functionName, Name: noteAlias(version), FunctionVersion: version, Description: note };
      await (await lambda(project)).send(new CreateAliasCommand(input));
    } catch (error) {
      if ((error as Error).name !== 'ResourceConflictException') throw error;
    }
  });
}
