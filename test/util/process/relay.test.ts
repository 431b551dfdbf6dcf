import { spawn, spawnSync, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const STDIO: StdioOptions = ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'];
const RELAY = join(__dirname, '..', '..', '..', 'lib', 'util', 'process', 'relay.js');

/** A program's run behind the relay: what a terminal gets, what is returned, how it ended. */
function relayed(mode: string, program: string, ...args: string[]) {
  const { stderr, output } = spawnSync(process.execPath, [RELAY, mode, 'colours', program, ...args], { stdio: STDIO, encoding: 'utf-8', maxBuffer: 1024 ** 3 });
  return { terminal: stderr, stdout: output[4], outcome: JSON.parse(output[3]!) };
}

const SCRIPT = 'printf "\\033]52;c;eA==\\007\\033[32mok\\033[0m\\n" >&2; printf "\\033{json}\\n"; exit 3';

test('security M2: progress is shown without what a terminal obeys, and the answer is returned as it is', () => {
  expect(relayed('progress', 'sh', '-c', SCRIPT)).toEqual({
    terminal: '\\x1b]52;c;eA==\\x07\u001b[32mok\u001b[0m\n', stdout: '\u001b{json}\n', outcome: { status: 3, signal: null },
  });
});

test('a program can write faster than its output is read', () => {
  // A write fails when the descriptor does not block; the pause lets the relay set up its own streams.
  const script = 'setTimeout(() => { for (let part = 0; part < 200; part++) require("fs").writeSync(1, Buffer.alloc(65536, 97)); }, 200)';
  const { stdout, outcome } = relayed('progress', process.execPath, '-e', script);
  expect(outcome).toEqual({ status: 0, signal: null });
  expect(stdout).toHaveLength(200 * 65536);
});

test('security M2: both streams are shown without what a terminal obeys', () => {
  const { terminal, stdout } = relayed('output', 'sh', '-c', SCRIPT);
  expect(terminal.split('\n').sort()).toEqual(['', '\\x1b]52;c;eA==\\x07\u001b[32mok\u001b[0m', '\\x1b{json}']);
  expect(stdout).toBe('');
});

test('a line of shell', () => {
  expect(relayed('shell', 'echo one; echo "$((1 + 1))"').terminal).toBe('one\n2\n');
});

test('how a program ended, or that there is none', () => {
  expect(relayed('progress', 'sh', '-c', 'kill -KILL $$').outcome).toEqual({ status: null, signal: 'SIGKILL' });
  expect(relayed('progress', '/no/such/program').outcome).toMatchObject({ error: 'spawn /no/such/program ENOENT' });
});

test('a process that is left behind is not waited for', () => {
  const { terminal, outcome } = relayed('output', 'sh', '-c', 'echo done; sleep 60 & exit 0');
  expect([terminal, outcome.status]).toEqual(['done\n', 0]);
}, 20_000);

test('a reader who goes does not stop the program', async () => {
  const script = 'for i in $(seq 20000); do echo "line $i" >&2; done; exit 4';
  const child = spawn(process.execPath, [RELAY, 'progress', 'plain', 'sh', '-c', script], { stdio: STDIO });
  let outcome = '';
  child.stdio[3]!.on('data', (data: Buffer) => (outcome += data.toString()));
  await once(child.stderr!, 'data');
  child.stderr!.destroy();
  await once(child, 'close');
  expect(JSON.parse(outcome)).toEqual({ status: 4, signal: null });
}, 20_000);

test('a request to end reaches the program', async () => {
  const script = 'trap "exit 7" TERM; echo ready >&2; while :; do sleep 0.1; done';
  const child = spawn(process.execPath, [RELAY, 'progress', 'plain', 'sh', '-c', script], { stdio: STDIO });
  let outcome = '';
  child.stdio[3]!.on('data', (data: Buffer) => (outcome += data.toString()));
  await once(child.stderr!, 'data');
  child.kill('SIGTERM');
  await once(child, 'close');
  expect(JSON.parse(outcome)).toEqual({ status: 7, signal: null });
}, 20_000);
