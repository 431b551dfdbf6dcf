import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMcpTester, parseOfficialSummary, runMcpTester, runOfficialSuite } from '../../../src/cli/checks/external';
import { junit } from '../../../src/cli/checks/report/junit';

const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-tester-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => jest.restoreAllMocks());

test('JUnit has each result, escaped', () => {
  expect(junit([
    { group: 'conformance', name: 'a < b', status: 'failed', detail: 'it said "no" & \u0007', ms: 1500 },
    { group: 'conformance', name: 'c', status: 'warning', detail: 'hm', ms: 0 },
    { group: 'apps', name: 'd', status: 'skipped', detail: 'none', ms: 0 },
    { group: 'apps', name: 'e', status: 'passed', ms: 1 },
  ], 'https://example.com/mcp')).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="https://example.com/mcp" tests="4" failures="1" skipped="1" time="1.501">
  <testsuite name="conformance" tests="2" failures="1" skipped="0" time="1.500">
    <testcase classname="conformance" name="a &lt; b" time="1.500"><failure message="it said &quot;no&quot; &amp; \ufffd"/></testcase>
    <testcase classname="conformance" name="c" time="0.000"><system-out>warning: hm</system-out></testcase>
  </testsuite>
  <testsuite name="apps" tests="2" failures="0" skipped="1" time="0.001">
    <testcase classname="apps" name="d" time="0.000"><skipped message="none"/></testcase>
    <testcase classname="apps" name="e" time="0.001"/>
  </testsuite>
</testsuites>
`);
});

test('the summary of the official suite becomes results', () => {
  const summary = [
    '=== SUMMARY ===', '\u001b[32m✓\u001b[0m ping: 1 passed, 0 failed', '✗ tools-call-image: 0 passed, 1 failed',
    '✗ tools-list: 0 passed, 1 failed', '✓ server-sse: 0 passed, 0 failed', '', 'Total: 1 passed, 2 failed', '',
  ].join('\n');
  expect(parseOfficialSummary(summary).map(({ name, status }) => [name, status])).toEqual([
    ['ping', 'passed'], ['tools-call-image', 'warning'], ['tools-list', 'failed'], ['server-sse', 'skipped'],
  ]);
});

/** A program in place of another one. */
function program(script: string, name = 'mcp-tester'): string {
  const path = join(folder, name);
  writeFileSync(path, `#!${process.execPath}\n${script}`);
  chmodSync(path, 0o755);
  return path;
}

const REPORT = {
  tests: [
    { name: 'Initialize', category: 'Core', status: 'Passed', duration: { secs: 1, nanos: 500_000_000 }, error: null, details: 'fine' },
    { name: 'Tools', category: 'Tools', status: 'Failed', duration: { secs: 0, nanos: 0 }, error: 'no tools', details: null },
  ],
};

test('mcp-tester is found, run with the token out of sight, and its tests are results', async () => {
  const path = program(`console.log('a { line'); console.log(JSON.stringify(${JSON.stringify(REPORT)}, null, 2));
console.error(process.argv.slice(2).join(' '), process.env.MCP_API_KEY);
process.exitCode = process.env.MCP_API_KEY === 't0ken' && !process.argv.join(' ').includes('t0ken') ? 1 : 9;`);
  expect(findMcpTester({ PATH: folder })).toBe(path);
  expect(findMcpTester({ PATH: '', CARGO_HOME: '/no/such' })).toBeUndefined();
  expect(await runMcpTester(path, ['conformance', 'http://localhost/mcp'], 5, 't0ken')).toEqual([
    { group: 'mcp-tester', name: 'conformance: Initialize', status: 'passed', detail: 'fine', ms: 1500 },
    { group: 'mcp-tester', name: 'conformance: Tools', status: 'failed', detail: 'no tools', ms: 0 },
  ]);
});

test.each([
  ['console.log(JSON.stringify({ tests: [] }))', 'mcp-tester apps reported no test (exit code 0)'],
  ['console.error("cannot connect"); process.exitCode = 1;', 'mcp-tester apps reported no test (exit code 1): cannot connect'],
  [
    'console.log(JSON.stringify({ tests: [{ name: "a", status: "Passed" }] })); process.exitCode = 3;',
    'mcp-tester apps ended with exit code 3',
  ],
])('mcp-tester never passes by saying nothing: %s', async (script, detail) => {
  const results = await runMcpTester(program(script), ['apps', 'http://localhost/mcp'], 5);
  expect(results[results.length - 1]).toMatchObject({ status: 'failed', detail: expect.stringContaining(detail) });
});

test('the official suite, a package from npm, does not get the credentials of the user', async () => {
  program(`const { AWS_SECRET_ACCESS_KEY = 'no-key', AWS_REGION } = process.env;
for (const name of [AWS_SECRET_ACCESS_KEY, AWS_REGION]) console.log('✓ ' + name + ': 1 passed, 0 failed');`, 'npx');
  jest.replaceProperty(process, 'env', { ...process.env, PATH: folder, AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-west-1' });
  const results = await runOfficialSuite('http://localhost/mcp', 'active', '22.0.0');
  expect(results.map(({ name }) => name)).toEqual(['no-key', 'eu-west-1', expect.stringContaining('suite active')]);
});
