import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { tryRun } from './run';
import { which } from '../../../src/util/process/which';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * Starts a headless browser: the one of this machine, or Debian's where there is none and we may install it.
 *
 * @param more its further arguments
 */
export async function launchBrowser(more: string[] = []): Promise<Browser> {
  const executablePath = find() ?? await install();
  // Chromium's sandbox does not start for root, as in containers.
  return chromium.launch({ executablePath, args: [...process.getuid?.() === 0 ? ['--no-sandbox'] : [], ...more] });
}

function find(): string | undefined {
  const found = NAMES.map((name) => which(name, process.env)).find((path) => path !== undefined);
  return process.env.CHROMIUM_PATH ?? found ?? (existsSync(MAC) ? MAC : undefined);
}

async function install(): Promise<string> {
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
