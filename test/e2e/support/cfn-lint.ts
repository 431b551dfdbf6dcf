import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from './package';
import { run, tryRun } from './run';

const VERSION = '1.58.0';

/** Checks a template against the schemas of CloudFormation's resources, and returns the errors: none for a good one. */
export async function cfnLintErrors(template: string): Promise<string> {
  const home = join(CACHE, `cfn-lint-${VERSION}`);
  const marker = join(home, '.complete');
  if (!existsSync(marker)) {
    rmSync(home, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', home]);
    await run(join(home, 'bin', 'pip'), ['install', '--quiet', `cfn-lint==${VERSION}`]);
    writeFileSync(marker, '');
  }
  // Warnings (W) and information (I) do not count; 0 says that there is no error.
  const result = await tryRun(join(home, 'bin', 'cfn-lint'), ['--non-zero-exit-code', 'error', '--ignore-checks', 'W', 'I', '--', template]);
  if (result.status !== 0 && result.stdout === '') {
    throw new Error(`cfn-lint did not run: ${result.stderr}`);
  }
  return result.stdout;
}
