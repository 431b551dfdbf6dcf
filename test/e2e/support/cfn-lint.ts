import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../../src/util/process/process-lock';
import { CACHE } from '../../support/package';
import { run, tryRun } from '../../support/run';

const VERSION = '1.58.0';
const HOME = join(CACHE, `cfn-lint-${VERSION}`);
const MARKER = join(HOME, '.complete');

/** Check a template against the schemas of CloudFormation's resources. Returns the errors, or an empty text. */
export async function cfnLintErrors(template: string): Promise<string> {
  if (!existsSync(MARKER)) await withLock(`${HOME}.lock`, install);
  // Warnings (W) and information (I) do not count. The exit code is 0 if there is no error.
  const args = ['--non-zero-exit-code', 'error', '--ignore-checks', 'W', 'I', '--', template];
  const result = await tryRun(join(HOME, 'bin', 'cfn-lint'), args);
  if (result.status !== 0 && result.stdout === '') {
    throw new Error(`cfn-lint did not run: ${result.stderr}`);
  }
  return result.stdout;
}

async function install(): Promise<void> {
  if (existsSync(MARKER)) return;
  rmSync(HOME, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', HOME]);
  await run(join(HOME, 'bin', 'pip'), ['install', '--quiet', `cfn-lint==${VERSION}`]);
  writeFileSync(MARKER, '');
}
