import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE } from '../../support/package';
import { run, tryRun, type RunResult } from '../../support/run';

const VERSION = '0.2.0-alpha.12';

/** The suite needs a newer Node.js than this package does. */
const NODE = '22.23.3';

/** Runs a scenario of the official conformance suite that is about authorization servers. */
export async function authorizationScenario(issuer: string, scenario: string): Promise<RunResult> {
  const home = join(CACHE, `conformance-${VERSION}`);
  const marker = join(home, '.complete');
  if (!existsSync(marker)) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"private": true}');
    await run('npm', ['install', '--no-audit', '--no-fund', `node@${NODE}`, `@modelcontextprotocol/conformance@${VERSION}`], { cwd: home });
    writeFileSync(marker, '');
  }
  const modules = join(home, 'node_modules');
  const suite = join(modules, '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
  return tryRun(join(modules, '.bin', 'node'), [suite, 'authorization', '--url', issuer, '--scenario', scenario]);
}
