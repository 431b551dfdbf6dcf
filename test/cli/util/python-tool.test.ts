import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ministack } from '../../../src/cli/local/ministack';
import { cargoLambda } from '../../../src/cli/project/tools';
import { ensureTool, isInstalled, type PythonTool } from '../../../src/cli/util/python-tool';
import { temporaryFolder, write } from '../support/project';

/** A Python whose `venv` makes a folder with a Python that records what pip is asked for. */
const PYTHON = `#!/bin/sh
case "$1" in
  -c) echo 3.12 ;;
  -m) mkdir -p "$3/bin" && cp "$0.venv" "$3/bin/python" ;;
esac
`;

let folder: string;
let tool: PythonTool;
let path: string | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  tool = { name: 'ministack', version: '1.5.33', requirements: '/requirements.txt', home: join(folder, 'cache', 'ministack-1.5.33') };
  write(join(folder, 'bin', 'python3'), PYTHON, 0o755);
  pip('exit 0');
  path = process.env.PATH;
  process.env.PATH = `${join(folder, 'bin')}:/usr/bin:/bin`;
});

afterEach(() => {
  process.env.PATH = path;
});

function pip(script: string): void {
  write(join(folder, 'bin', 'python3.venv'), `#!/bin/sh\necho "$@" >> "${folder}/pip"\n${script}\n`, 0o755);
}

test('security L2: installs once, and nothing but built packages whose hashes are known', async () => {
  const said: string[] = [];
  await ensureTool(tool, (text) => said.push(text));
  await ensureTool(tool, (text) => said.push(text));
  expect(said).toEqual(['installing ministack 1.5.33']);
  expect(readFileSync(join(folder, 'pip'), 'utf-8')).toBe(
    '-m pip install --disable-pip-version-check --no-input --quiet --require-hashes --only-binary :all: -r /requirements.txt\n',
  );
  expect(isInstalled(tool)).toBe(true);
});

test('pip does not get the credentials of the user', async () => {
  pip(`echo "$AWS_SECRET_ACCESS_KEY $AWS_REGION" > "${folder}/environment"`);
  jest.replaceProperty(process, 'env', { ...process.env, AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' });
  await ensureTool(tool);
  jest.restoreAllMocks();
  expect(readFileSync(join(folder, 'environment'), 'utf-8')).toBe(' eu-west-1\n');
});

const TOOLS = [['ministack', ministack], ['cargo-lambda', cargoLambda]] as const;

test.each(TOOLS)('security L2: each package of %s has a version and hashes', (name, toolOf) => {
  const { version, requirements } = toolOf();
  // A requirement ends where no backslash carries it on.
  const entries = readFileSync(requirements, 'utf-8').split('\n').filter((line) => !line.startsWith('#')).join('\n')
    .split(/(?<!\\)\n/).filter((entry) => entry.trim() !== '');
  expect(entries.map((entry) => entry.split(/[ ;]/)[0])).toContain(`${name}==${version}`);
  for (const entry of entries) expect(entry).toMatch(/^[a-z0-9-]+==[\w.]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n)?)+$/);
});

test('security L2: a package with another hash is told from a network that fails', async () => {
  pip('echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1');
  await expect(ensureTool(tool)).rejects.toMatchObject({ hint: expect.stringContaining('the package index serves files that differ from the tested ones') });
  expect(isInstalled(tool)).toBe(false);
});

test('two at once install it once', async () => {
  const said: string[] = [];
  await Promise.all([1, 2].map(async () => ensureTool(tool, (text) => said.push(text))));
  expect(said.filter((text) => text.startsWith('installing'))).toHaveLength(1);
});

test('an installation that was killed is begun anew, not believed', async () => {
  write(join(tool.home, 'bin', 'python'), '#!/bin/sh\nexit 0\n', 0o755);
  write(join(tool.home, 'half-written'), '');
  expect(isInstalled(tool)).toBe(false);
  await ensureTool(tool);
  expect(existsSync(join(tool.home, 'half-written'))).toBe(false);
  expect(isInstalled(tool)).toBe(true);
});

test('a virtual environment whose Python does not exist any more is created again', async () => {
  write(join(tool.home, '.complete'), '');
  expect(isInstalled(tool)).toBe(false);
  await ensureTool(tool);
  expect(isInstalled(tool)).toBe(true);
});

test('says what pip said when it fails, and leaves nothing that is believed', async () => {
  pip('echo "ERROR: No matching distribution found for ministack==1.5.33" >&2; exit 1');
  await expect(ensureTool(tool)).rejects.toMatchObject({
    message: `ministack 1.5.33 could not be installed into ${tool.home}: ERROR: No matching distribution found for ministack==1.5.33`,
    hint: 'check the network (pip needs a package index), or install it yourself: pip install ministack==1.5.33',
    exitCode: 2,
  });
  expect(isInstalled(tool)).toBe(false);
});

test('takes a newer Python beside an old one', async () => {
  write(join(folder, 'bin', 'python3'), '#!/bin/sh\necho 3.9\n', 0o755);
  write(join(folder, 'bin', 'python'), '#!/bin/sh\necho 3.9\n', 0o755);
  for (const version of ['3.14', '3.13', '3.12', '3.11', '3.10']) {
    write(join(folder, 'bin', `python${version}`), PYTHON, 0o755);
    write(join(folder, 'bin', `python${version}.venv`), '#!/bin/sh\nexit 0\n', 0o755);
  }
  await ensureTool(tool);
  expect(isInstalled(tool)).toBe(true);
});
