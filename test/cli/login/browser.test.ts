import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowser } from '../../../src/cli/login/browser';
import { REFUSED } from '../support/hostile-urls';
import { temporaryFolder, write } from '../support/project';

const pathBefore = process.env.PATH;

afterEach(() => {
  process.env.PATH = pathBefore;
});

/** A stand-in for the system's opener, which notes what it is called with. */
function fakeOpener(): string {
  const folder = temporaryFolder();
  const opened = join(folder, 'opened');
  for (const name of ['xdg-open', 'open']) write(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${opened}'\n`, 0o755);
  process.env.PATH = [folder, pathBefore].join(delimiter);
  return opened;
}

test('security H5: the opener is not started for what is not a page', async () => {
  const opened = fakeOpener();
  for (const [url] of REFUSED) expect(() => openBrowser(url)).toThrow(/^the page to open is/);
  await sleep(300);
  expect(existsSync(opened)).toBe(false);
});

test('a page is opened', async () => {
  const opened = fakeOpener();
  openBrowser('https://login.example.com/authorize?a=b&c=d');
  for (let tries = 0; !existsSync(opened) && tries < 100; tries++) await sleep(50);
  await sleep(100);
  expect(readFileSync(opened, 'utf-8')).toBe('https://login.example.com/authorize?a=b&c=d\n');
});
