import { run } from '../process';

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

/** A note about a version that was deployed from a commit. */
export function noteOf(commit: string): string {
  return `commit ${commit}`;
}

/** The commit in a note. */
export function commitIn(note: string | undefined): string | undefined {
  return /^commit ([0-9a-f]{7,64}\+?)$/.exec(note ?? '')?.[1];
}
