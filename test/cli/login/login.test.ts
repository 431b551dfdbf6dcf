import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { KNOWN_CALLBACK_URLS } from '../../../src/auth/cognito/known-clients';
import { openBrowser } from '../../../src/cli/login/browser';
import { signInWithBrowser } from '../../../src/cli/login/browser-sign-in';
import { signInWithDevice } from '../../../src/cli/login/device-sign-in';
import { listenForBrowser, LOOPBACK_PORTS } from '../../../src/cli/login/loopback';
import { signOut } from '../../../src/cli/login/sign-out';
import { readSignIn, signInFile, writeSignIn } from '../../../src/cli/login/store';
import { storedAccessToken, storedTokens } from '../../../src/cli/login/stored-tokens';
import { onCleanup, TestProject } from '../support/project';
import { startProtected } from '../support/protected-server';
import { cli } from '../support/run';

jest.mock('../../../src/cli/login/browser');

let project: TestProject;
const cacheBefore = process.env.PMCP_DEPLOY_CACHE;

beforeEach(() => {
  project = new TestProject();
  process.env.PMCP_DEPLOY_CACHE = project.cache;
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  person();
});

afterEach(() => {
  jest.restoreAllMocks();
  if (cacheBefore === undefined) delete process.env.PMCP_DEPLOY_CACHE;
  else process.env.PMCP_DEPLOY_CACHE = cacheBefore;
});

/** Somebody whose browser goes where it is sent, and back. */
function person(back: (url: URL) => void = () => undefined): void {
  jest.mocked(openBrowser).mockImplementation((page) => {
    void fetch(page, { redirect: 'manual' }).then(async (answer) => {
      const url = new URL(answer.headers.get('location')!.replace('localhost', '127.0.0.1'));
      back(url);
      await fetch(url);
    });
  });
}

async function server(...args: Parameters<typeof startProtected>) {
  const started = await startProtected(...args);
  onCleanup(started.close);
  return started;
}

function run(...args: string[]) {
  return cli(project.root, { ...process.env, PMCP_DEPLOY_CACHE: project.cache }, ...args);
}

test('the user pool of a deployment lets the browser come back to these ports', () => {
  expect(LOOPBACK_PORTS.filter((port) => !KNOWN_CALLBACK_URLS.includes(`http://localhost:${port}/callback`))).toEqual([]);
});

test('signs in with a registered client, and keeps the tokens for nobody else', async () => {
  const { url, requests } = await server();
  await signInWithBrowser(url, { clientId: 'mine', browser: true });
  expect(requests.find((request) => request.startsWith('POST /register'))).toBeUndefined();
  const token = new URLSearchParams(requests.find((request) => request.startsWith('POST /token'))!.slice('POST /token '.length));
  expect(Object.fromEntries(token)).toMatchObject({
    grant_type: 'authorization_code',
    code: 'the-code',
    client_id: 'mine',
    resource: url,
    code_verifier: expect.any(String),
  });
  expect(statSync(signInFile(url)).mode.toString(8)).toBe('100600');
  expect(basename(signInFile(url))).toMatch(/^[0-9a-f]{32}\.json$/);
  expect(await storedAccessToken(url)).toBe('token-1');
});

test('registers itself where no client is named', async () => {
  const { url, requests } = await server();
  await signInWithBrowser(url, { browser: true });
  const registration = JSON.parse(requests.find((request) => request.startsWith('POST /register'))!.slice('POST /register '.length));
  expect(registration).toMatchObject({
    client_name: 'pmcp-deploy',
    token_endpoint_auth_method: 'none',
    redirect_uris: [expect.stringMatching(/^http:\/\/localhost:1461\d\/callback\/[0-9a-f]{32}$/)],
  });
  expect(readSignIn(url)?.client?.client_id).toBe('registered');
});

test('asks for what it is told to', async () => {
  const { url, requests } = await server();
  let asked: string | null = null;
  jest.mocked(openBrowser).mockImplementation((page) => {
    asked = new URL(page).searchParams.get('scope');
    void fetch(page).catch(() => undefined);
  });
  await signInWithBrowser(url, { clientId: 'mine', scope: 'openid mcp/read', browser: true });
  expect(asked).toBe('openid mcp/read');
  expect(requests).toContain('GET /authorize');
});

test('an answer without the right state is not for us', async () => {
  const { url } = await server();
  jest.mocked(openBrowser).mockImplementation((page) => {
    const asked = new URL(page).searchParams;
    const callback = asked.get('redirect_uri')!.replace('localhost', '127.0.0.1');
    void fetch(`${callback}?code=evil&state=wrong`)
      .then(async ({ status }) => expect(status).toBe(404))
      .then(async () => fetch(`${callback}?code=good&state=${asked.get('state')}`));
  });
  await signInWithBrowser(url, { clientId: 'mine', browser: true });
  expect(await storedAccessToken(url)).toBe('token-1');
});

test('a refusal of the issuer is told, and cannot move the cursor', async () => {
  const { url } = await server();
  person((back) => {
    back.searchParams.delete('code');
    back.searchParams.set('error', 'access_denied');
    back.searchParams.set('error_description', 'not \u001b[2Jyou');
  });
  await expect(signInWithBrowser(url, { clientId: 'mine', browser: true })).rejects.toThrow('the sign-in was refused: not \\x1b[2Jyou');
  expect(readSignIn(url)).toBeUndefined();
});

test('an endpoint that tells nothing about signing in', async () => {
  const nothing = { status: 404 };
  const { url } = await server(() => ({
    'GET /.well-known/oauth-protected-resource': nothing,
    'GET /.well-known/oauth-protected-resource/mcp': nothing,
  }));
  const { code, stderr } = await run('login', url);
  expect(stderr).toContain(`error: ${url} does not say how to sign in`);
  expect(stderr).toContain('public endpoints need no sign-in');
  expect(code).toBe(1);
});

test('an issuer that registers nobody needs a client id', async () => {
  const { url } = await server((origin) => ({
    'GET /.well-known/oauth-authorization-server': {
      status: 200,
      body: {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      },
    },
  }));
  const { code, stderr } = await run('login', url);
  expect(stderr).toBe(
    `error: clients cannot register themselves with the authorization server of ${url}\n`
    + '  use a client that is registered there: --client-id ID\n',
  );
  expect(code).toBe(1);
});

test('waits at another port where one is taken, and says when there is none', async () => {
  const taken = createServer();
  onCleanup(() => void taken.close());
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as { port: number };
  await expect(listenForBrowser([port])).rejects.toThrow(`the ports ${port} of this machine are all in use`);
});

describe('the token', () => {
  async function stored(expires: number, refreshToken?: string) {
    const started = await server();
    writeSignIn({
      url: started.url,
      client: { client_id: 'mine', issuer: started.origin },
      tokens: { access_token: 'old', token_type: 'Bearer', refresh_token: refreshToken, issuer: started.origin },
      expires,
    });
    return started;
  }

  test('is the kept one while it is good', async () => {
    const { url, requests } = await stored(Date.now() + 600_000, 'refresh');
    expect((await run('login', url, '--print-token')).stdout).toBe('old\n');
    expect(requests).toEqual([]);
  });

  test('is renewed before it expires', async () => {
    const { url } = await stored(Date.now() + 30_000, 'refresh');
    expect(await storedAccessToken(url)).toBe('token-1');
    expect(readSignIn(url)).toMatchObject({ tokens: { access_token: 'token-1', refresh_token: 'refresh' }, client: { client_id: 'mine' } });
  });

  test.each([undefined, 'revoked'])('is none where it has expired and cannot be renewed (%s)', async (refreshToken) => {
    const { url } = await stored(Date.now() - 1000, refreshToken);
    expect(await storedAccessToken(url)).toBeUndefined();
  });

  test('is none where the file is damaged', async () => {
    const { url } = await stored(Date.now() + 600_000);
    writeFileSync(signInFile(url), '{');
    expect(await storedAccessToken(url)).toBeUndefined();
  });

  test('opens the endpoint to "test", which shows nothing of it', async () => {
    const { url } = await stored(Date.now() + 30_000, 'refresh');
    const { stdout, stderr } = await run('test', url, '--no-mcp-tester');
    expect(stdout).toContain('HTTP 200');
    expect(stdout + stderr).not.toContain('token-1');
  });

  test('for another resource leaves the one for the endpoint', async () => {
    const { url } = await stored(Date.now() + 600_000, 'refresh');
    const session = await storedTokens(url);
    // This issuer's tokens name no audience.
    expect(await session?.tokenFor?.('https://other.example.com/mcp')).toBeUndefined();
    expect(await storedAccessToken(url)).toBe('old');
  });

  test('logout revokes it and forgets it', async () => {
    const { url, requests } = await stored(Date.now() + 600_000, 'refresh');
    expect((await run('logout', url)).stderr).toBe(`✔ signed out of ${url}\n`);
    expect(requests).toContain('POST /revoke token=refresh&client_id=mine');
    expect(readSignIn(url)).toBeUndefined();
    expect(await signOut(url)).toBe(false);
  });
});

describe('on another device', () => {
  const DEVICE = {
    device_code: 'device',
    user_code: 'ABCD-EFGH',
    verification_uri: 'https://login.example.com/device',
    expires_in: 5,
    interval: 0.01,
  };

  test('waits until the person has typed the code', async () => {
    let polls = 0;
    const { url, requests } = await server(() => ({
      'POST /device': { status: 200, body: DEVICE },
      'POST /token': () => ++polls < 3 ? { status: 400, body: { error: 'authorization_pending' } } : undefined,
    }));
    await signInWithDevice(url, { clientId: 'mine' });
    expect(polls).toBe(3);
    expect(requests.find((request) => request.startsWith('POST /device'))).toBe(`POST /device ${new URLSearchParams({
      client_id: 'mine',
      scope: 'mcp/read',
      resource: url,
    }).toString()}`);
    expect(await storedAccessToken(url)).toBe('token-1');
    expect(JSON.parse(readFileSync(signInFile(url), 'utf-8'))).toMatchObject({ client: { client_id: 'mine' } });
  });

  test('a refusal is told', async () => {
    const { url } = await server(() => ({
      'POST /device': { status: 200, body: DEVICE },
      'POST /token': { status: 400, body: { error: 'access_denied', error_description: 'Ada said no' } },
    }));
    await expect(signInWithDevice(url, { clientId: 'mine' })).rejects.toThrow(`signing in to ${url} was refused: Ada said no`);
  });

  test('an issuer without it', async () => {
    const { url, origin } = await server((at) => ({
      'GET /.well-known/oauth-authorization-server': {
        status: 200,
        body: { issuer: at, authorization_endpoint: `${at}/authorize`, token_endpoint: `${at}/token`, response_types_supported: ['code'] },
      },
    }));
    await expect(signInWithDevice(url, { clientId: 'mine' })).rejects.toThrow(/does not offer sign-in on another device/);
    expect((await run('login', url, '--device')).stderr).toContain(`error: ${origin}`);
  });
});
