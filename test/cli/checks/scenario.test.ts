import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { McpSession } from '../../../src/cli/checks/protocol/session';
import { findViolation, type Assertion } from '../../../src/cli/checks/scenario/assertions';
import { substitute, valueAt } from '../../../src/cli/checks/scenario/paths';
import { readScenario, runScenario } from '../../../src/cli/checks/scenario/scenario';
import { startServer } from '../support/mcp-server';

const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-scenario-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, 'scenario.yaml');
  writeFileSync(path, text);
  return path;
}

async function take(text: string) {
  const server = await startServer();
  try {
    const session = new McpSession({ url: server.url, timeout: 5000 }, '2025-06-18');
    await session.open();
    return (await runScenario(session, readScenario(file(text)))).map(({ name, status, detail }) => ({ name, status, detail }));
  } finally {
    await server.close();
  }
}

test('takes setup, steps and cleanup, with variables and stored results', async () => {
  expect(await take(`
name: Echo
variables: { word: hello }
setup:
  - { name: set, operation: { type: set_variable, name: other, value: 7 } }
steps:
  - name: first
    operation: { type: tool_call, tool: echo, arguments: { text: "\${word} \${other}" } }
    store_result: said
    assertions:
      - { type: success }
      - { type: equals, path: parsed.text, value: HELLO 7, ignore_case: true }
  - name: second
    operation: { type: tool_call, tool: echo, arguments: { text: "\${said.parsed.text}!" } }
    assertions: [{ type: contains, path: result, value: "hello 7!" }]
  - name: list
    operation: { type: list_tools }
    assertions: [{ type: array_length, path: tools, equals: 1 }, { type: jsonpath, expression: "tools[0].name", expected: echo }]
  - name: raw
    operation: { type: custom, method: no/such }
    assertions: [{ type: failure }, { type: numeric, path: error.code, less_than: 0 }]
cleanup:
  - { name: clean, operation: { type: tool_call, tool: none } }
`)).toEqual([
    ...['set', 'first', 'second', 'list', 'raw'].map((name) => ({ name: `Echo: ${name}`, status: 'passed' })),
    { name: 'Echo: clean', status: 'warning', detail: 'JSON-RPC error -32602: Unknown tool, HTTP 200' },
  ]);
});

test('stops at a failure, and cleans up', async () => {
  expect(await take(`
name: S
steps:
  - { name: tolerated, operation: { type: tool_call, tool: echo, arguments: { text: boom } }, continue_on_failure: true }
  - { name: fails, operation: { type: tool_call, tool: echo, arguments: { text: boom } }, assertions: [{ type: success }] }
  - { name: never, operation: { type: list_tools } }
cleanup:
  - { name: clean, operation: { type: wait, seconds: 0 } }
`)).toEqual([
    { name: 'S: tolerated', status: 'warning', detail: 'it went wrong' },
    { name: 'S: fails', status: 'failed', detail: 'expected success, received the error "it went wrong"' },
    { name: 'S: clean', status: 'passed' },
  ]);
});

test('fails a step that takes too long, and one with an unknown variable', async () => {
  expect(await take(`
name: S
stop_on_failure: false
steps:
  - { name: slow, operation: { type: wait, seconds: 30 }, timeout: 0.1 }
  - { name: unknown, operation: { type: custom, method: "\${nope.a}" } }
`)).toEqual([
    { name: 'S: slow', status: 'failed', detail: 'no result within 0 s' },
    { name: 'S: unknown', status: 'failed', detail: 'there is no variable ${nope.a}' },
  ]);
});

test.each([
  ['name: x\nsteps: []', 'steps: Too small'],
  ['name: x\nsteps: [{ name: a, operation: { type: dance } }]', 'steps.0.operation'],
  ['name: x\nsteps: [{ name: a, operation: { type: list_tools }, assertion: [] }]', 'steps.0: Unrecognized key'],
  ['name: x\nsteps: [{ name: a, operation: { type: list_tools }, assertions: [{ type: numeric, path: a }] }]', 'must have one of equals'],
  ['a: [', 'is neither YAML nor JSON'],
])('refuses %j', (text, message) => {
  expect(() => readScenario(file(text))).toThrow(message);
});

const RESPONSE = { success: true, error: null, result: 'Hello', n: 5, list: [1, { a: 'b' }] };

test.each<[Assertion, string | undefined]>([
  [{ type: 'failure' }, 'expected a failure, but it succeeded'],
  [{ type: 'equals', path: 'n', value: 5, ignore_case: false }, undefined],
  [{ type: 'equals', path: 'n', value: '5', ignore_case: false }, 'n is 5, expected "5"'],
  [{ type: 'contains', path: 'result', value: 'hell', ignore_case: false }, 'result does not contain "hell": "Hello"'],
  [{ type: 'contains', path: 'result', value: 'hell', ignore_case: true }, undefined],
  [{ type: 'matches', path: 'result', pattern: '^H.*o$' }, undefined],
  [{ type: 'matches', path: 'none', pattern: '.*' }, 'none does not match .*: missing'],
  [{ type: 'exists', path: 'list[1].a' }, undefined],
  [{ type: 'exists', path: 'list[2]' }, 'list[2] does not exist'],
  [{ type: 'not_exists', path: 'error' }, undefined],
  [{ type: 'array_length', path: 'list', between: { min: 3, max: 4 } }, 'the length of list is 2, expected 3 to 4'],
  [{ type: 'array_length', path: 'n', equals: 1 }, 'n is not an array: 5'],
  [{ type: 'numeric', path: 'n', greater_than: 5 }, 'n is 5, expected more than 5'],
  [{ type: 'numeric', path: 'n', greater_than_or_equal: 5, less_than_or_equal: 5 }, undefined],
  [{ type: 'jsonpath', expression: 'list[0]', expected: 2 }, 'list[0] is 1, expected 2'],
  [{ type: 'jsonpath', expression: 'nothing' }, 'nothing does not exist'],
])('%j', (assertion, problem) => {
  expect(findViolation(assertion, RESPONSE)).toBe(problem);
});

test('a path does not reach what is not in the value', () => {
  expect(valueAt(RESPONSE, 'constructor.name')).toBeUndefined();
  expect(valueAt(RESPONSE, '$.list[1].a')).toBe('b');
});

test('a variable alone keeps its type', () => {
  expect(substitute({ a: ['${n}', 'n=${n}', '${o}'] }, { n: 5, o: { x: 1 } })).toEqual({ a: [5, 'n=5', { x: 1 }] });
});
