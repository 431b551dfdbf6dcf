import { runProgram } from '../util/run-program';

/** The git commit of a folder, with a `+` if the folder has uncommitted changes. Undefined without git or a commit. */
export async function commitOf(folder: string): Promise<string | undefined> {
  try {
    const head = await runProgram('git', ['-C', folder, 'rev-parse', '--verify', '--quiet', 'HEAD']);
    if (head.code !== 0) return undefined;
    const status = await runProgram('git', ['-C', folder, 'status', '--porcelain', '--', '.']);
    return `${head.stdout.trim()}${status.code === 0 && status.stdout === '' ? '' : '+'}`;
  } catch {
    return undefined;
  }
}
