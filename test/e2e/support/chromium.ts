import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { withLock } from '../../../src/util/process/process-lock';
import { which } from '../../../src/util/process/which';
import { CACHE } from '../../support/package';
import { tryRun } from '../../support/run';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Starts a headless browser: the one of this machine, or Debian's where there is none and we may install it.
 *
 * @param more its further arguments
 */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  const executablePath = find() ?? await withLock(join(CACHE, 'chromium.lock'), install);
  // Chromium's sandbox does not start for root, as in containers.
  return chromium.launch({ executablePath, args: [...process.getuid?.() === 0 ? ['--no-sandbox'] : [], ...more] });
}

function find(): string | undefined {
  const found = NAMES.map((name) => which(name, process.env)).find((path) => path !== undefined);
  return process.env.CHROMIUM_PATH ?? found ?? (existsSync(MAC) ? MAC : undefined);
}

async function install(): Promise<string> {
  const found = find();
  if (found !== undefined) return found;
  const advice = 'the sign-in page is tried in Chromium, which was not found: install it (apt-get install chromium), or set CHROMIUM_PATH';
  if (process.getuid?.() !== 0 || !which('apt-get', process.env)) throw new Error(advice);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const aptGet = async (...args: string[]) => tryRun('apt-get', ['-q', ...args], { env });
  const packages = ['install', '-y', '--no-install-recommends', 'chromium'];
  let result = await aptGet(...packages);
  if (result.status !== 0) {
    await aptGet('update');
    result = await aptGet(...packages);
  }
  const path = find();
  if (!path) throw new Error(`${advice}\n${result.stderr}`);
  return path;
}
