import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GitAccess, gitAccess } from './git-access';
import { checkArgument } from './validate';
import { cacheFolder } from '../../util/cache-dir';
import { describeExit, run } from '../../util/process/exec';
import { withoutUserinfo } from '../../util/text/redact';
import { UserError } from '../../util/user-error';

/** A git repository at a reference. */
export interface GitSource {
  readonly remote: string;
  readonly reference?: string;
  readonly force: boolean;
}

/** Clone a repository, unless an up-to-date clone exists, and check out the reference. Returns its folder. */
export function checkOut(source: GitSource): string {
  const access = gitAccess(source.remote);
  checkGitArgument('gitRemote', withoutUserinfo(access.remote));
  const reference = source.reference === undefined ? undefined : checkGitArgument('gitReference', source.reference);
  const key = createHash('sha256').update(`${access.remote}\0${reference ?? ''}`).digest('hex').slice(0, 32);
  const folder = join(cacheFolder(), 'git', key);
  const replaces = source.force || (existsSync(folder) && hasMoved(access, reference, folder));
  if (existsSync(folder) && !replaces) {
    return folder;
  }
  const temporary = `${folder}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    clone(access, reference, temporary);
    replace(temporary, folder, replaces);
    return folder;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Return true if a branch or a tag now points to another commit. Without a network the clone counts as up to date. */
function hasMoved({ remote, env }: GitAccess, reference: string | undefined, folder: string): boolean {
  if (/^[0-9a-f]{40}$/.test(reference ?? '')) {
    return false;
  }
  const names = reference === undefined ? ['HEAD'] : [`refs/heads/${reference}`, `refs/tags/${reference}^{}`, `refs/tags/${reference}`];
  const listed = new Map(run('git', ['ls-remote', '--', remote, ...names], { env }).stdout.split('\n').map((line) => {
    const [commit, name] = line.split('\t');
    return [name, commit];
  }));
  const now = names.map((name) => listed.get(name)).find((commit) => commit !== undefined);
  return now !== undefined && now !== run('git', ['rev-parse', 'HEAD'], { cwd: folder }).stdout.trim();
}

function clone({ remote, env, redact }: GitAccess, reference: string | undefined, folder: string): void {
  // git cannot clone a commit by its hash, so a reference needs the history.
  const shallow = reference === undefined ? ['--depth', '1'] : ['--no-checkout'];
  const cloned = run('git', ['clone', '--quiet', ...shallow, '--', remote, folder], { env });
  if (!cloned.ok) {
    throw new UserError(`gitRemote "${redact(remote)}" cannot be cloned: git ${describeExit(cloned)}: ${redact(firstLine(cloned.stderr))}`);
  }
  if (reference !== undefined) {
    const commit = [`origin/${reference}`, reference]
      .map((name) => run('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`], { cwd: folder }))
      .find((result) => result.ok)?.stdout.trim();
    if (!commit) {
      throw new UserError(`gitReference "${reference}" does not exist in ${redact(remote)}: `
        + 'give a branch, a tag or a full commit hash of it');
    }
    const checkedOut = run('git', ['checkout', '--quiet', '--detach', commit], { cwd: folder });
    if (!checkedOut.ok) {
      const reason = redact(firstLine(checkedOut.stderr));
      throw new UserError(`gitReference "${reference}" of ${redact(remote)} cannot be checked out: ${reason}`);
    }
  }
  const modules = existsSync(join(folder, '.gitmodules'));
  if (modules && !run('git', ['submodule', 'update', '--init', '--recursive', '--quiet'], { cwd: folder, env }).ok) {
    throw new UserError(`the submodules of ${redact(remote)} cannot be cloned: check that this machine may read them`);
  }
}

function replace(temporary: string, folder: string, replaces: boolean): void {
  if (replaces && existsSync(folder)) {
    const old = `${temporary}.old`;
    renameSync(folder, old);
    rmSync(old, { recursive: true, force: true });
  }
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (!existsSync(folder)) {
      throw error;
    }
  }
}

function checkGitArgument(option: string, value: string): string {
  checkArgument(option, value);
  if (value.startsWith('-')) {
    throw new UserError(`${option}: ${JSON.stringify(value)} starts with "-", so git would read it as an option`);
  }
  if (option === 'gitRemote' && value.startsWith('ext::')) {
    throw new UserError(`gitRemote: ${JSON.stringify(value)} would run a command: give the URL or the path of a repository`);
  }
  return value;
}

function firstLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /^(fatal|error):/.test(line)) ?? lines[0]) || 'no message';
}
