import { send } from '../../../src/cli/checks/protocol/http';
import { openBrowser } from '../../../src/cli/login/browser';
import { signInWithBrowser } from '../../../src/cli/login/browser-sign-in';
import { signInWithDevice } from '../../../src/cli/login/device-sign-in';
import { checkServerMetadata } from '../../../src/cli/login/metadata';
import { signInFile, writeSignIn } from '../../../src/cli/login/store';
import { storedAccessToken } from '../../../src/cli/login/stored-tokens';
import { kept, metadata, naming, posts, SECRET, server, signInTests, withMetadata } from '../support/hostile';
import { cli } from '../support/run';

jest.mock('../../../src/cli/login/browser');

jest.setTimeout(30_000);

const { env, run, shown } = signInTests();

const BAD_URLS = [
  'file:///etc/passwd', 'file://evil.example/share/payload.exe', 'javascript:alert(1)', 'http://evil.example/x', 'vscode://x/y',
  'https://user@evil.example/x', 'https://evil.example/\u001b[2J', 'http://localhost@evil.example/', 7, '',
];
const ENDPOINTS = [
  'authorization_endpoint', 'token_endpoint', 'registration_endpoint', 'revocation_endpoint', 'device_authorization_endpoint', 'jwks_uri',
];

describe('security H5: addresses that are not https', () => {
  test.each(ENDPOINTS.flatMap((name) => BAD_URLS.map((bad) => [name, bad] as const)))('%s %j is not used', (name, bad) => {
    const { body } = metadata('https://issuer.example', { [name]: bad });
    expect(() => checkServerMetadata(body, 'https://issuer.example/.well-known/x', 'https://issuer.example'))
      .toThrow(`${name} of https://issuer.example is `);
  });

  test.each(ENDPOINTS)('%s: each command refuses it with its value, opens nothing and sends nothing', async (name) => {
    const bad = 'file://evil.example/share/payload.exe';
    const started = await withMetadata(() => ({ [name]: bad }));
    for (const args of [[], ['--client-id', 'mine'], ['--device', '--client-id', 'mine']]) {
      const { code, stderr } = await run('login', started.url, ...args);
      expect(stderr).toBe(`error: ${name} of ${started.origin} is "${bad}": it must be https (or http on this machine)\n`);
      expect(code).toBe(1);
    }
    const { stdout } = await run('test', started.url, '--auth', '--no-mcp-tester');
    expect(stdout).toContain(`${name} of ${started.origin} is "${bad}"`);
    expect(posts(started).filter((request) => !request.startsWith('POST /mcp'))).toEqual([]);
    expect(started.requests).not.toContain('GET /authorize');
    expect(openBrowser).not.toHaveBeenCalled();
  });

  test.each(BAD_URLS)('authorization server %j', async (bad) => {
    const started = await naming(bad);
    const { code, stderr } = await run('login', started.url);
    expect(stderr).toContain('error: the authorization server is ');
    expect(code).toBe(1);
    expect((await run('test', started.url, '--auth', '--no-mcp-tester')).stdout).toContain('the authorization server is ');
    expect(started.requests.filter((request) => request.includes('oauth-authorization-server'))).toEqual([]);
  });

  test('kept addresses are checked too', async () => {
    const { url, origin } = await server();
    const { body } = metadata(origin, { token_endpoint: 'http://evil.example/token', revocation_endpoint: 'file:///x' });
    writeSignIn(kept(url, origin, { server: body }));
    expect(await storedAccessToken(url)).toBeUndefined();
    expect((await run('logout', url)).stderr).toContain('revocation_endpoint');
  });

  const DEVICE = {
    device_code: 'device', user_code: 'ABCD-EFGH', verification_uri: 'https://login.example.com/device', expires_in: 5, interval: 0.01,
  };

  test.each([
    ...BAD_URLS.map((bad) => ['verification_uri', { verification_uri: bad }] as const),
    ...BAD_URLS.map((bad) => ['verification_uri_complete', { verification_uri_complete: bad }] as const),
    ['user_code', { user_code: 'A\u001b]52;c;eA==\u0007' }],
    ['user_code', { user_code: 'A\nCode: EVIL' }],
    ['user_code', { user_code: '\u202eABCD' }],
    ['user_code', { user_code: 'A'.repeat(1000) }],
    ['user_code', { user_code: { toString: 'x' } }],
    ['device_code', { device_code: 1 }],
  ] as const)('device flow: %s %j is not shown, and nothing is polled', async (name, bad) => {
    const started = await server(() => ({ 'POST /device': { status: 200, body: { ...DEVICE, ...bad } } }));
    await expect(signInWithDevice(started.url, { clientId: 'mine' })).rejects.toThrow(name);
    expect(shown()).toBe('');
    expect(posts(started, '/token')).toEqual([]);
  });

  test('device flow: another host than that of the issuer is pointed out', async () => {
    const started = await server(() => ({ 'POST /device': { status: 200, body: DEVICE } }));
    await signInWithDevice(started.url, { clientId: 'mine' });
    expect(shown()).toContain(
      `the page is of login.example.com, and the sign-in is for ${new URL(started.origin).host}: continue only if these belong together`,
    );
  });

  test('device flow: an interval of nonsense does not make it ask without a pause', async () => {
    let polls = 0;
    const { url } = await server(() => ({
      'POST /device': { status: 200, body: { ...DEVICE, expires_in: 0.2, interval: -1 } },
      'POST /token': () => ++polls > 0 ? { status: 400, body: { error: 'authorization_pending' } } : undefined,
    }));
    await expect(signInWithDevice(url, { clientId: 'mine' })).rejects.toThrow('no one signed in before the code expired');
    expect(polls).toBe(1);
  });

  test.each([
    ['in a browser', async (url: string) => signInWithBrowser(url, { clientId: 'mine', browser: true })],
    ['on a device', async (url: string) => signInWithDevice(url, { clientId: 'mine' })],
  ])('%s: what an error says steers no terminal', async (_, signIn) => {
    const escape = { error: 'invalid_request', error_description: 'no\u001b]52;c;eA==\u0007\u001b[2K\rsigned in' };
    const { url } = await server(() => ({
      'POST /device': { status: 400, body: escape }, 'POST /token': { status: 400, body: escape }, 'GET /authorize': { status: 400 },
    }));
    jest.mocked(openBrowser).mockImplementation((page) => {
      const asked = new URL(page).searchParams;
      void fetch(`${asked.get('redirect_uri')!.replace('localhost', '127.0.0.1')}?code=x&state=${asked.get('state')}`);
    });
    const { message } = await signIn(url).then(() => new Error('signed in'), (error: Error) => error);
    expect(message).toContain('no\\x1b]52;c;eA==\\x07\\x1b[2K\\x0dsigned in');
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe('security L6: no token goes over plain http', () => {
  const PLAIN = 'http://mcp.example.com/mcp';

  test.each([['login'], ['login', '--print-token'], ['login', '--device']])('%s %s', async (...args) => {
    const { code, stdout, stderr } = await run(args[0], PLAIN, ...args.slice(1));
    expect(stderr).toContain(`error: the URL is "${PLAIN}": it must be https (http is for this machine only), because anyone on the network could`);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('test with PMCP_DEPLOY_TOKEN, and with that of "login"', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch');
    const given = await cli(process.cwd(), { ...env(), PMCP_DEPLOY_TOKEN: SECRET }, 'test', PLAIN);
    expect(given.stderr).toContain(
      `error: there is a token (of PMCP_DEPLOY_TOKEN), and the URL that would get it is "${PLAIN}": it must be`,
    );
    writeSignIn({ ...kept(PLAIN, 'https://issuer.example.com'), expires: Date.now() + 3_600_000 });
    const stored = await run('test', PLAIN, '--auth');
    expect(stored.stderr).toContain('error: there is a token (of "login")');
    expect([given, stored].map(({ code }) => code)).toEqual([1, 1]);
    expect([given, stored].map(({ stdout, stderr }) => stdout + stderr).join('')).not.toContain(SECRET);
    expect(fetched).not.toHaveBeenCalled();
  });

  test('what was kept for such an address can be forgotten', async () => {
    const started = await server();
    writeSignIn(kept(PLAIN, started.origin));
    expect((await run('logout', PLAIN)).stderr).toBe(`✔ signed out of ${PLAIN}\n`);
    expect(posts(started)).toEqual([`POST /revoke token=${SECRET}&client_id=honest-client`]);
  });

  test('no request with a token is made, whoever asks for it', async () => {
    await expect(send({ url: PLAIN, token: SECRET, timeout: 1000 }, 'POST', '{}'))
      .rejects.toThrow(`the URL that gets the token is "${PLAIN}": it must be https`);
  });

  const NO_URLS = ['ftp://example.com/mcp', 'file:///etc/passwd', 'https://ada:secret@example.com/mcp', 'example.com'];

  test.each(NO_URLS)('no command takes %s', async (url) => {
    for (const command of ['login', 'logout', 'test']) {
      const { code, stderr } = await run(command, url);
      expect(stderr).toMatch(/^error: the URL is "/);
      expect(stderr).not.toContain('secret');
      expect(code).toBe(1);
    }
  });
});

test('sign-ins are kept apart by the URL as it was understood', async () => {
  const { url, origin } = await server();
  writeSignIn({ ...kept(url, origin), expires: Date.now() + 3_600_000 });
  expect((await run('login', url.replace('http:', 'HTTP:'), '--print-token')).stdout).toBe('old\n');
  expect(signInFile(url)).not.toBe(signInFile(origin));
});
