import { openBrowser } from '../../../src/cli/login/browser';
import { signInWithBrowser } from '../../../src/cli/login/browser-sign-in';
import { readSignIn, writeSignIn } from '../../../src/cli/login/store';
import { storedAccessToken } from '../../../src/cli/login/stored-tokens';
import { kept, metadata, naming, person, posts, SECRET, server, SERVER, signInTests, withMetadata } from '../support/hostile';
import type { Reply } from '../support/protected-server';

jest.mock('../../../src/cli/login/browser');

jest.setTimeout(30_000);

const { run } = signInTests();

describe('security H6: an endpoint that was taken over does not get the refresh token', () => {
  /** An endpoint that names the thief as its authorization server, which says that it is the honest one. */
  async function takenOver() {
    const honest = await server((): Record<string, Reply> => ({ 'POST /token': { status: 400, body: { error: 'invalid_grant' } } }));
    const thief = await server((origin) => ({
      [SERVER]: metadata(origin, { issuer: honest.origin }),
      'GET /.well-known/openid-configuration': metadata(origin, { issuer: honest.origin }),
    }));
    const endpoint = await naming(thief.origin);
    return { honest, thief, endpoint };
  }

  const COMMANDS = [
    ['logout'],
    ['test', '--auth', '--no-mcp-tester'],
    ['test', '--no-mcp-tester'],
    ['login', '--print-token'],
    ['login', '--print-token', '--device'],
  ];

  const BOTH = COMMANDS.flatMap((command) => [[command, true], [command, false]] as const);

  test.each(BOTH)('%j (endpoints kept: %s)', async (command, keeps) => {
    const { honest, thief, endpoint } = await takenOver();
    writeSignIn(kept(endpoint.url, honest.origin, keeps ? { server: metadata(honest.origin).body } : {}));
    await run(command[0], endpoint.url, ...command.slice(1));
    expect(thief.requests.join('\n')).not.toContain(SECRET);
    expect(endpoint.requests.join('\n')).not.toContain(SECRET);
    expect(posts(thief)).toEqual([]);
    expect(openBrowser).not.toHaveBeenCalled();
    // The honest issuer is asked, at the addresses that it had.
    expect(honest.requests.join('\n')).toContain(SECRET);
  });

  test.each(COMMANDS.map((command) => [command] as const))('%j: nor by new metadata of the issuer', async (command) => {
    const thief = await server();
    // The issuer of a Cognito deployment is the API itself.
    const endpoint = await withMetadata(() => ({ token_endpoint: `${thief.origin}/token`, revocation_endpoint: `${thief.origin}/revoke` }));
    const pool = await server(() => ({ 'POST /token': { status: 400, body: { error: 'invalid_grant' } } }));
    const addresses = { token_endpoint: `${pool.origin}/token`, revocation_endpoint: `${pool.origin}/revoke` };
    writeSignIn(kept(endpoint.url, endpoint.origin, { server: metadata(endpoint.origin, addresses).body }));
    await run(command[0], endpoint.url, ...command.slice(1));
    expect(thief.requests.join('\n')).not.toContain(SECRET);
    expect(pool.requests.join('\n')).toContain(SECRET);
  });

  test('a token for another resource is asked of the kept issuer only', async () => {
    const { honest, thief, endpoint } = await takenOver();
    writeSignIn({ ...kept(endpoint.url, honest.origin), expires: Date.now() + 3_600_000 });
    await run('test', endpoint.url, '--auth', '--no-mcp-tester');
    expect(thief.requests.join('\n')).not.toContain(SECRET);
    expect(honest.requests.join('\n')).toContain(SECRET);
  });

  test.each([['POST /revoke', 'logout'], ['POST /token', 'test']])('a redirect of %s is not followed', async (path, command) => {
    const thief = await server();
    const started = await server(() => ({ [path]: { status: 308, headers: { location: `${thief.origin}/` } } }));
    writeSignIn(kept(started.url, started.origin, { server: metadata(started.origin).body }));
    const { stderr } = await run(command, started.url, ...command === 'test' ? ['--no-mcp-tester'] : []);
    expect(stderr).toContain('redirects to');
    expect(thief.requests).toEqual([]);
  });

  test('a sign-in without an issuer is forgotten, or asked for again', async () => {
    const started = await server();
    const { tokens, ...rest } = kept(started.url, started.origin);
    writeSignIn({ ...rest, tokens: { ...tokens!, issuer: undefined } });
    expect(await storedAccessToken(started.url)).toBeUndefined();
    expect((await run('logout', started.url)).code).toBe(0);
    expect(started.requests).toEqual([]);
    expect(readSignIn(started.url)).toBeUndefined();
  });

  test('the addresses of the sign-in are kept, and used', async () => {
    const started = await server();
    person();
    await signInWithBrowser(started.url, { clientId: 'mine', browser: true });
    expect(readSignIn(started.url)).toMatchObject({
      server: { issuer: started.origin, token_endpoint: `${started.origin}/token` }, resource: started.url,
    });
    writeSignIn({ ...readSignIn(started.url)!, expires: 0 });
    started.requests.length = 0;
    expect(await storedAccessToken(started.url)).toBe('token-2');
    expect(started.requests.map((request) => request.split('?')[0].split(' ').slice(0, 2).join(' '))).toEqual(['POST /token']);
    expect(new URLSearchParams(started.requests[0].slice('POST /token '.length)).get('resource')).toBe(started.url);
  });
});
