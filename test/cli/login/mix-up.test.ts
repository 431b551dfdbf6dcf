import { openBrowser } from '../../../src/cli/login/browser';
import { signInWithBrowser } from '../../../src/cli/login/browser-sign-in';
import { signInWithDevice } from '../../../src/cli/login/device-sign-in';
import { LOOPBACK_PORTS } from '../../../src/cli/login/loopback';
import { readIssuer } from '../../../src/cli/login/metadata';
import { readSignIn } from '../../../src/cli/login/store';
import { storedAccessToken } from '../../../src/cli/login/stored-tokens';
import * as terminal from '../../../src/cli/util/terminal';
import { metadata, naming, person, posts, server, SERVER, signInTests, withMetadata, type Started } from '../support/hostile';
import type { Reply } from '../support/protected-server';

jest.mock('../../../src/cli/login/browser');

jest.setTimeout(30_000);

const { run } = signInTests();

/** What a thief says who is asked to register a client. */
const HONEST_CLIENT = { status: 201, body: { client_id: 'honest-client', redirect_uris: [] } };

/** An answer of a sign-in page that says who it is from. */
function answerOf(form: URLSearchParams, issuer: string): Reply {
  const parameters = new URLSearchParams({ code: 'c', state: form.get('state')!, iss: issuer });
  return { status: 302, headers: { location: `${form.get('redirect_uri')}?${parameters.toString()}` } };
}

describe('security M1: mix-up', () => {
  /** An honest authorization server that knows one client, and where it is sent back to. */
  async function honest(iss?: (origin: string) => string) {
    return server((origin) => ({
      'GET /authorize': (form: URLSearchParams) => {
        const back = form.get('redirect_uri') ?? '';
        if (!LOOPBACK_PORTS.some((port) => back === `http://localhost:${port}/callback`)) return { status: 400 };
        const sender = iss === undefined ? '' : `&iss=${encodeURIComponent(iss(origin))}`;
        return { status: 302, headers: { location: `${back}?code=HONEST-CODE&state=${form.get('state')}${sender}` } };
      },
    }));
  }

  function expectNothingLeaked(started: Started) {
    expect(posts(started, '/token')).toEqual([]);
    expect(started.requests.join('\n')).not.toContain('HONEST-CODE');
    expect(readSignIn(started.url)).toBeUndefined();
  }

  test('the page of one server and the token endpoint of another: refused where nobody can be asked', async () => {
    const good = await honest();
    const bad = await withMetadata(() => ({
      authorization_endpoint: `${good.origin}/authorize`,
    }), () => ({ 'POST /register': HONEST_CLIENT }));
    for (const args of [[], ['--client-id', 'honest-client']]) {
      const { code, stderr } = await run('login', bad.url, ...args);
      expect(stderr).toContain(`error: the sign-in page of ${bad.origin} is at ${good.origin}, and its token endpoint at ${bad.origin}: `);
      expect(code).toBe(1);
    }
    expect(openBrowser).not.toHaveBeenCalled();
    expect(good.requests).toEqual([]);
    expectNothingLeaked(bad);
  });

  test('so is a device endpoint of another server', async () => {
    const good = await honest();
    const bad = await withMetadata(() => ({
      device_authorization_endpoint: `${good.origin}/device`, authorization_response_iss_parameter_supported: true,
    }));
    await expect(signInWithDevice(bad.url, { clientId: 'honest-client' })).rejects.toThrow(
      `the sign-in page of ${bad.origin} is at ${good.origin}, and its token endpoint at ${bad.origin}: `,
    );
    expect(good.requests).toEqual([]);
    expectNothingLeaked(bad);
  });

  test.each([[true, 'token-1'], [false, undefined]])('where somebody can be asked, the answer %s counts', async (agreed, token) => {
    jest.spyOn(terminal, 'confirm').mockResolvedValue(agreed);
    const good = await honest();
    const bad = await withMetadata(() => ({ authorization_endpoint: `${good.origin}/authorize` }));
    person();
    const signIn = signInWithBrowser(bad.url, { clientId: 'honest-client', browser: true });
    if (agreed) await signIn;
    else await expect(signIn).rejects.toThrow('nothing was sent');
    expect(await storedAccessToken(bad.url)).toBe(token);
  });

  test.each([
    ['no iss, though announced', undefined, true, 'the answer has no iss, although'],
    ['the iss of the honest server', (origin: string) => origin, true, 'the answer is from the issuer'],
    ['the iss of the honest server, not announced', (origin: string) => origin, false, 'the answer is from the issuer'],
  ])('%s', async (_, iss, announced, why) => {
    const good = await honest(iss);
    // The thief's own page sends the browser on to the honest one.
    const bad = await withMetadata(
      () => ({ authorization_response_iss_parameter_supported: announced }),
      () => ({
        'GET /authorize': (form: URLSearchParams) => {
          form.set('client_id', 'honest-client');
          return { status: 302, headers: { location: `${good.origin}/authorize?${form.toString()}` } };
        },
      }),
    );
    person();
    await expect(signInWithBrowser(bad.url, { clientId: 'honest-client', browser: true })).rejects.toThrow(why);
    expectNothingLeaked(bad);
  });

  test('a client that registered itself has a path for each issuer: a page that sends the browser on gets nothing', async () => {
    const good = await honest();
    const bad = await withMetadata(() => ({}), () => ({
      'POST /register': HONEST_CLIENT,
      'GET /authorize': (form: URLSearchParams) => ({ status: 302, headers: { location: `${good.origin}/authorize?${form.toString()}` } }),
    }));
    const seen = person();
    let asked = new URLSearchParams();
    const follow = jest.mocked(openBrowser).getMockImplementation()!;
    jest.mocked(openBrowser).mockImplementation((page) => {
      asked = new URL(page).searchParams;
      follow(page);
    });
    const signIn = signInWithBrowser(bad.url, { browser: true });
    const ended = expect(signIn).rejects.toThrow('the sign-in was refused: given up');
    for (let tries = 0; seen.statuses.length < 2 && tries < 100; tries++) await new Promise((done) => void setTimeout(done, 20));
    expect(seen.statuses).toEqual([302, 400]);
    const own = asked.get('redirect_uri')!.replace('localhost', '127.0.0.1');
    // The path that is registered by hand is not listened at.
    const { origin } = new URL(own);
    expect((await fetch(`${origin}/callback?code=HONEST-CODE&state=${asked.get('state')}`)).status).toBe(404);
    await fetch(`${own}?error=given+up&state=${asked.get('state')}`);
    await ended;
    expectNothingLeaked(bad);
  });

  test.each([
    ['iss twice', (answer: URL) => answer.searchParams.append('iss', 'https://other.example'), 'iss more than once'],
    ['code twice', (answer: URL) => answer.searchParams.append('code', 'other'), 'code more than once'],
    ['state twice', (answer: URL) => answer.searchParams.append('state', 'other'), 'state more than once'],
    ['an iss that differs by a slash', (answer: URL) => {
      answer.searchParams.set('iss', `${answer.searchParams.get('iss')!}/`);
    }, 'the answer is from the issuer'],
    ['an empty iss', (answer: URL) => answer.searchParams.set('iss', ''), 'the answer is from the issuer ""'],
    ['a refusal of another issuer', (answer: URL) => {
      answer.searchParams.delete('code');
      answer.searchParams.set('error', 'access_denied');
      answer.searchParams.set('iss', 'https://evil.example/\u001b[2J');
    }, 'the answer is from the issuer "https://evil.example/\\u001b[2J"'],
  ])('%s', async (_, change, why) => {
    const good = await honest((origin) => origin);
    person(change);
    await expect(signInWithBrowser(good.url, { clientId: 'mine', browser: true })).rejects.toThrow(why);
    expectNothingLeaked(good);
  });

  test('the right iss is taken, announced or not', async () => {
    for (const announced of [true, false]) {
      const started = await withMetadata(() => ({ authorization_response_iss_parameter_supported: announced }), (origin) => ({
        'GET /authorize': (form: URLSearchParams) => answerOf(form, origin),
      }));
      person();
      await signInWithBrowser(started.url, { clientId: 'mine', browser: true });
      expect(await storedAccessToken(started.url)).toBe('token-1');
    }
  });

  test('endpoints of different origins need no question where the answers say who they are from', async () => {
    let issuer = '';
    const page = await server(() => ({
      'GET /authorize': (form: URLSearchParams) => answerOf(form, issuer),
    }));
    const started = await withMetadata(() => ({
      authorization_endpoint: `${page.origin}/authorize`, authorization_response_iss_parameter_supported: true,
    }));
    issuer = started.origin;
    person();
    await signInWithBrowser(started.url, { clientId: 'mine', browser: true });
    expect(await storedAccessToken(started.url)).toBe('token-1');
  });

  test('an issuer of another origin than its endpoints is fine, as that of a Cognito deployment', async () => {
    const pool = await server();
    const { url, origin } = await withMetadata(() => ({
      authorization_endpoint: `${pool.origin}/authorize`,
      token_endpoint: `${pool.origin}/token`,
      revocation_endpoint: `${pool.origin}/revoke`,
    }));
    person();
    await signInWithBrowser(url, { clientId: 'mine', issuer: origin, browser: true });
    expect((await run('logout', url)).stderr).toBe(`✔ signed out of ${url}\n`);
    expect(pool.requests).toContain('POST /revoke token=refresh&client_id=mine');
  });

  test.each([
    ['another issuer', 'https://honest.example'], [
      'a slash more', (origin: string) => `${origin}/`,
    ], ['no issuer', undefined], ['a list', ['x']],
  ])('metadata with %s are not used', async (_, issuer) => {
    const started = await withMetadata((origin) => ({ issuer: typeof issuer === 'function' ? issuer(origin) : issuer }));
    for (const args of [['login', started.url], ['login', started.url, '--device']]) {
      const { code, stderr } = await run(...args);
      expect(stderr).toContain(`error: ${started.origin}/.well-known/oauth-authorization-server is for the issuer `);
      expect(code).toBe(1);
    }
    expect(posts(started)).toEqual([]);
    expect(openBrowser).not.toHaveBeenCalled();
  });

  test('metadata that change between the page and the token change nothing', async () => {
    const thief = await server();
    let asked = 0;
    const started = await server((origin) => ({
      [SERVER]: () => metadata(origin, asked++ === 0 ? {} : { token_endpoint: `${thief.origin}/token` }),
    }));
    person();
    await signInWithBrowser(started.url, { clientId: 'mine', browser: true });
    expect(asked).toBe(1);
    expect(thief.requests).toEqual([]);
  });

  test('an endpoint of a stack that names another issuer than the stack is not followed', async () => {
    const started = await server();
    await expect(signInWithBrowser(started.url, { clientId: 'mine', issuer: 'https://issuer.example.com', browser: true }))
      .rejects.toThrow(`names the authorization server "${started.origin}"; the outputs of the stack name "https://issuer.example.com"`);
    expect(openBrowser).not.toHaveBeenCalled();
  });

  test('tokens for another resource are not asked for', async () => {
    const started = await naming(undefined, 'https://honest.example/mcp');
    const why = 'is for another resource: "https://honest.example/mcp"';
    await expect(signInWithBrowser(started.url, { clientId: 'mine', browser: true })).rejects.toThrow(why);
    await expect(signInWithDevice(started.url, { clientId: 'mine' })).rejects.toThrow(why);
    expect(posts(started)).toEqual([]);
  });

  test('a token endpoint that sends the code on is not followed', async () => {
    const thief = await server();
    const started = await server(() => ({ 'POST /token': { status: 307, headers: { location: `${thief.origin}/token` } } }));
    person();
    await expect(signInWithBrowser(started.url, { clientId: 'mine', browser: true }))
      .rejects.toThrow(`redirects to "${thief.origin}/token"; nothing was sent there`);
    expect(thief.requests).toEqual([]);
  });

  test('security L11: an issuer elsewhere, or one with a query, is none for a server', () => {
    const named = (...issuers: string[]) => readIssuer({ authorization_servers: issuers }, 'https://mcp.example/mcp');
    expect(() => named('http://127.0.0.1:4566')).toThrow('is another machine');
    expect(() => named('https://issuer.example/?x')).toThrow('neither a query nor a fragment');
    expect(() => named()).toThrow('the metadata have no authorization_servers');
    expect(named('https://issuer.example/a', 'https://other.example')).toBe('https://issuer.example/a');
  });
});
