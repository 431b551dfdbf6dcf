import { RefusedClient, acceptClient } from '../../src/handlers/shared/client-metadata';

const RULES = {
  redirectUris: ['https://claude.ai/api/mcp/auth_callback', 'cursor://anysphere.cursor-mcp/oauth/callback'],
  redirectPrefixes: ['https://chatgpt.com/connector/oauth/'],
  allowedScopes: ['openid', 'mcp/read', 'mcp/write'],
  defaultScopes: ['mcp/read'],
};

const accept = (metadata: object) => acceptClient({ redirect_uris: ['http://localhost:4711/callback'], ...metadata }, RULES);

function codeOf(metadata: unknown): string {
  try {
    acceptClient(metadata, RULES);
  } catch (error) {
    expect(error).toBeInstanceOf(RefusedClient);
    return (error as RefusedClient).code;
  }
  return 'accepted';
}

test.each([
  'http://localhost:1/callback', 'http://127.0.0.1:65535/', 'http://[::1]:8080/oauth/callback', 'http://localhost',
  'http://127.0.0.1/a-b_c.d~e',
  'https://claude.ai/api/mcp/auth_callback', 'cursor://anysphere.cursor-mcp/oauth/callback', 'https://chatgpt.com/connector/oauth/Ab_1-2',
])('accepts the redirect URI %s', (uri) => {
  expect(accept({ redirect_uris: [uri] }).redirectUris).toEqual([uri]);
});

test.each([
  'https://evil.example/callback', 'http://localhost.evil.example/', 'http://localhost@evil.example/',
  'http://evil.example/?http://localhost',
  'http://localhost:0/', 'http://localhost:65536/', 'http://localhost:80:80/', 'http://localhost/../..', 'http://localhost/./a',
  'http://localhost/#fragment',
  'http://localhost/?a=b', 'http://localhost\\@evil.example/', 'http://localhost\t/', ' http://localhost/', 'http://LOCALHOST/\n',
  'https://localhost/',
  'http://127.0.0.2/', 'http://127.1/', 'http://2130706433/', 'http://0.0.0.0/', 'http://[::]/', 'http://[::ffff:127.0.0.1]/',
  'javascript:alert(1)',
  'data:text/html,x', 'file:///etc/passwd', 'https://claude.ai/api/mcp/auth_callback/', 'https://claude.ai/api/mcp/auth_callback?x', '',
  '*',
  'https://chatgpt.com/connector/oauth/', 'https://chatgpt.com/connector/oauth/../x', 'https://chatgpt.com/connector/oauth/a/b',
  'https://chatgpt.com.evil.example/',
  `http://localhost/${'a'.repeat(2000)}`, 'http://lоcalhost/', 'http://localhost%2eevil.example/', 'http://localhost:80@evil.example',
])('refuses the redirect URI %j', (uri) => {
  expect(codeOf({ redirect_uris: ['http://localhost/', uri] })).toBe('invalid_redirect_uri');
});

test.each([
  undefined,
  null,
  [],
  'http://localhost',
  {},
  [1],
  [null],
  [['http://localhost']],
  Array.from({ length: 11 }, () => 'http://localhost'),
])(
  'refuses redirect_uris %j', (uris) => expect(codeOf({ redirect_uris: uris })).toBe('invalid_redirect_uri'));

test.each([undefined, null, 1, 'text', [], [{}]])('refuses the body %j', (body) => {
  expect(codeOf(body)).toBe('invalid_client_metadata');
});

test.each([
  { grant_types: ['client_credentials'] }, {
    grant_types: ['authorization_code', 'implicit'],
  }, { grant_types: [] }, { grant_types: 'authorization_code' },
  { grant_types: ['refresh_token'] }, { response_types: ['token'] }, { response_types: ['code', 'token'] },
  { scope: 'aws.cognito.signin.user.admin' }, { scope: 7 },
])('refuses %j', (metadata) => {
  expect(codeOf({ redirect_uris: ['http://localhost/'], ...metadata })).toBe('invalid_client_metadata');
});

test('grants the scopes that may be had', () => {
  expect(accept({}).scopes).toEqual(['mcp/read']);
  expect(accept({ scope: '' }).scopes).toEqual(['mcp/read']);
  expect(accept({ scope: 'mcp/write openid aws.cognito.signin.user.admin mcp/admin' }).scopes).toEqual(['openid', 'mcp/write']);
});

test.each<[unknown, string]>([
  ['Claude Code (my-server)', 'Claude Code my-server'], ['Café', 'Cafe'], [
    '<script>alert(1)</script>', 'script alert 1 script',
  ], ['a\u0000\u202eb\nc', 'a b c'],
  ['', 'MCP client'], ['日本', 'MCP client'], [undefined, 'MCP client'], [{ toString: 'x' }, 'MCP client'],
  ['x'.repeat(5000), 'x'.repeat(64)], ['   ', 'MCP client'],
])('makes the name %j plain', (name, plain) => {
  expect(accept({ client_name: name }).name).toBe(plain);
  expect(plain).toMatch(/^[\w\s+=,.@-]{1,64}$/);
});

test('security H3: the limit of scopes holds for a client that names none', () => {
  const limited = { ...RULES, allowedScopes: ['openid', 'mcp/read'], defaultScopes: ['mcp/read', 'mcp/write'] };
  const registered = (metadata: object) => acceptClient({ redirect_uris: ['http://localhost/'], ...metadata }, limited).scopes;
  expect(registered({})).toEqual(['mcp/read']);
  expect(registered({ scope: '' })).toEqual(['mcp/read']);
  expect(registered({ scope: 'mcp/read mcp/write' })).toEqual(['mcp/read']);
  expect(
    () => acceptClient({ redirect_uris: ['http://localhost/'] }, { ...limited, defaultScopes: ['mcp/write'] }),
  ).toThrow('scope must have one of: openid mcp/read');
});
