import { isLoopback, secureUrl, webUrl } from '../../../src/cli/util/secure-url';
import { quoted, shortLine } from '../../../src/cli/util/untrusted-text';
import { REFUSED } from '../support/hostile-urls';

test.each(REFUSED)('security H5: %j is neither opened nor sent anything', (url, why) => {
  expect(() => secureUrl(url, 'the page')).toThrow(why);
});

test.each([[undefined], [null], [7], [['https://example.com/']], [{ href: 'https://example.com/' }]])('security H5: %j is not a URL', (value) => {
  expect(() => secureUrl(value, 'the page')).toThrow(/^the page is .*: that is not a URL$/);
});

test.each([
  ['https://example.com', 'https://example.com/'],
  ['https://example.com:8443/a?b=c', 'https://example.com:8443/a?b=c'],
  ['HTTPS://EXAMPLE.com/A', 'https://example.com/A'],
  ['https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
  ['http://localhost:3000/mcp', 'http://localhost:3000/mcp'],
  ['http://127.0.0.1/', 'http://127.0.0.1/'],
  ['http://127.8.9.10:1/', 'http://127.8.9.10:1/'],
  ['http://0x7f.1/', 'http://127.0.0.1/'],
  ['http://[::1]:3000/', 'http://[::1]:3000/'],
])('%s is secure, and is understood as %s', (url, href) => {
  expect(secureUrl(url, 'the page')).toBe(href);
});

test('security L11: what another machine says names no address of this one', () => {
  for (const url of ['http://localhost:4566/', 'http://127.0.0.1:9000/x', 'https://localhost/', 'http://[::1]/']) {
    expect(() => secureUrl(url, 'token_endpoint', 'https://evil.example/mcp')).toThrow('evil.example is another machine, and must not send anything to this one');
    expect(secureUrl(url, 'token_endpoint', 'http://127.0.0.1:3000/mcp')).toBe(url);
  }
});

test('without a token, any server of the web can be looked at, but nothing else', () => {
  expect(webUrl('http://example.com/mcp', 'the URL')).toBe('http://example.com/mcp');
  expect(() => webUrl('ftp://example.com/mcp', 'the URL')).toThrow('the URL is "ftp://example.com/mcp": it must be https');
  expect(() => webUrl('http://a:b@example.com/', 'the URL')).toThrow('user name');
});

test('a refusal shows the value, but no password, and steers no terminal', () => {
  expect(() => secureUrl('file:///x', 'the page')).toThrow('the page is "file:///x"');
  expect(() => secureUrl('https://ada:pass-word@example.com/x', 'the page')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('pass-word') }));
  expect(() => secureUrl('https://x/\u001b[2J\u009b\u202e', 'the page')).toThrow('the page is "https://x/\\u001b[2J\\u009b\\u202e"');
  expect(quoted('x'.repeat(1000)).length).toBeLessThan(250);
  expect(shortLine('a\u001b]0;b\u0007c\r\nd\u009bé')).toBe('a\\x1b]0;b\\x07c\\x0d\\nd\\x9bé');
});

test('isLoopback goes by the address, not by how it looks', () => {
  expect(['http://127.0.0.1.example.com/', 'http://localhost.example.com/', 'http://1270.0.0.1.example/', 'http://126.0.0.1/'].filter((url) => isLoopback(new URL(url)))).toEqual([]);
});
