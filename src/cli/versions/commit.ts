import { run } from '../util/exec';

/** The git commit of a folder, with a `+` when something in it is not committed. Undefined where there is no git. */
export async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const head = await run('git', ['-C', folder, 'rev-parse', '--verify', '--quiet', 'HEAD']);
    if (head.code !== 0) return undefined;
    const status = await run('git', ['-C', folder, 'status', '--porcelain', '--', '.']);
    return `${head.stdout.trim()}${status.code === 0 && status.stdout === '' ? '' : '+'}`;
  } catch {
    return undefined;
  }
}

/** What is noted about a version. */
export interface Note {
  /** The git commit that it was deployed from. */
  readonly commit?: string;

  /** The version that was live before it. */
  readonly before?: string;
}

/** A note as text. */
export function noteOf({ commit, before }: Note): string {
  return [commit && `commit ${commit}`, before && `before it ${before}`].filter(Boolean).join(', ');
}

/** What a text notes; nothing where somebody else wrote it. */
export function readNote(text: string = ''): Note {
  const [, commit, before] = /^(?:commit ([0-9a-f]{7,64}\+?))?(?:(?:^|(?<=.), )before it (\d+))?$/.exec(text) ?? [];
  return { commit, before };
}
