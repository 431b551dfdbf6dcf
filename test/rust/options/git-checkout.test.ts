import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitAccess } from '../../../src/rust/options/git-access';
import { checkOut } from '../../../src/rust/options/git-checkout';
import { FakeTools } from '../fake-tools';

let tools: FakeTools;
let server: ChildProcess | undefined;
beforeEach(() => {
  tools = new FakeTools();
});
afterEach(() => {
  server?.kill();
  tools.restore();
});

/** A git host for one repository, in a process of its own since git is waited for; it wants a password, and notes what it gets. */
async function host(): Promise<{ address: string; authorizations: () => string[] }> {
  const [work, bare, log] = [tools.path('work'), tools.path('bare.git'), tools.path('authorizations')];
  const git = (...args: string[]) => execFileSync('git', args, { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch', 'main', work);
  writeFileSync(join(work, 'Cargo.toml'), '[package]\n');
  git('-C', work, 'add', '.');
  git('-C', work, '-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'a');
  git('clone', '--quiet', '--bare', work, bare);
  git('-C', bare, 'update-server-info');
  server = spawn(process.execPath, ['-e', `
    const { appendFileSync, readFileSync } = require('node:fs');
    require('node:http').createServer(({ url, headers: { authorization } }, response) => {
      appendFileSync(${JSON.stringify(log)}, authorization + '\\n');
      if (authorization === undefined) return response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      try {
        response.end(readFileSync(${JSON.stringify(bare)} + url.replace(/^\\/repository|\\?.*$/g, '')));
      } catch {
        response.writeHead(404).end();
      }
    }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(server.stdout!, 'data') as [Buffer];
  return {
    address: `127.0.0.1:${port.toString().trim()}/repository`,
    authorizations: () => (existsSync(log) ? [...new Set(readFileSync(log, 'utf-8').trim().split('\n'))] : []),
  };
}

/** Git, whose arguments and whose children's arguments are noted. */
function watchedGit(): void {
  const real = execFileSync('sh', ['-c', 'command -v git']).toString().trim();
  tools.add('git', `exec ${real} "$@"`);
}

test.each([
  ['a password', 'me:s3cr%2Ft-password', 'me:s3cr/t-password'],
  ['a token in place of a user', 'ghp_0123456789abcdefghij0123456789abcdef', 'ghp_0123456789abcdefghij0123456789abcdef:'],
])('security L3: a clone with %s, which is in no argument and in no file', async (_, userinfo, credentials) => {
  const { address, authorizations } = await host();
  watchedGit();
  const folder = checkOut({ remote: `http://${userinfo}@${address}`, reference: 'main', force: false });
  expect(existsSync(join(folder, 'Cargo.toml'))).toBe(true);
  expect(authorizations()).toEqual([`Basic ${Buffer.from(credentials).toString('base64')}`]);
  const [user, password = user] = userinfo.split(':');
  expect(tools.calls().length).toBeGreaterThan(0);
  expect(tools.calls().join('\n')).not.toContain(password);
  expect(readFileSync(join(folder, '.git', 'config'), 'utf-8')).toContain(`url = http://${address}\n`);
  // It is asked again whether the branch has moved.
  expect(checkOut({ remote: `http://${userinfo}@${address}`, reference: 'main', force: false })).toBe(folder);
  expect(authorizations()).toHaveLength(1);
});

test('security L3: a user name alone is a user name, for which git asks its helpers', () => {
  const before = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b', GIT_CONFIG_VALUE_0: 'c' };
  const { remote, env } = gitAccess('https://someone@example.com:8443/a/b.git', before);
  expect(remote).toBe('https://example.com:8443/a/b.git');
  expect(env).toEqual({
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'a.b',
    GIT_CONFIG_VALUE_0: 'c',
    GIT_CONFIG_KEY_1: 'credential.https://example.com:8443.username',
    GIT_CONFIG_VALUE_1: 'someone',
  });
});

test.each([
  ['ssh://git@example.com/a'], ['git@example.com:a/b.git'], ['/a/b@c'], ['https://example.com/a@v1?b@c'], ['file:///a/b'],
])('security L3: %s stays as it is', (remote) => {
  expect(gitAccess(remote, { A: 'b' })).toMatchObject({ remote, env: { A: 'b' } });
});

/** The message of the error of a checkout. */
function refusal(remote: string, reference?: string): string {
  try {
    checkOut({ remote, reference, force: false });
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test.each([
  ['a token', 'https://ghp_x0123@github.example/a'],
  ['a password', 'https://me:ghp_x0123@github.example/a'],
  ['a password with an @', 'https://me:a@ghp_x0123@github.example/a'],
  ['a password with the characters of a shell', 'https://me:|;ghp_x0123@github.example/a'],
  ['a password with a slash', 'https://me:gh/p_x0123@github.example/a'],
  ['a password with a line break', 'https://me:gh\np_x0123@github.example/a'],
  ['a password with a zero byte', 'https://me:gh\0p_x0123@github.example/a'],
  ['a password of ssh', 'ssh://me:ghp_x0123@github.example/a'],
  ['a password before what is refused', 'https://me:ghp_x0123@github.example/a;b'],
])('security L3: an error does not have %s', (_, remote) => {
  tools.add('git', 'echo "fatal: Authentication failed for \'$*\' $GIT_CONFIG_VALUE_0" >&2; exit 128');
  const message = refusal(remote);
  expect(message).toMatch(/^gitRemote/);
  expect(message).not.toMatch(/x0123|bWU6/);
  expect(tools.calls().join()).not.toContain(remote.startsWith('https:') ? 'x0123' : 'none');
});

test('security M2: what a git host says is shown, and not obeyed', () => {
  tools.add('git', 'printf "fatal: remote: \\033]52;c;eA==\\007\\302\\2332J no" >&2; exit 128');
  expect(refusal('https://example.com/a')).toBe(
    'gitRemote "https://example.com/a" cannot be cloned: git exited with status 128: fatal: remote: \\x1b]52;c;eA==\\x07\\x9b2J no',
  );
});
