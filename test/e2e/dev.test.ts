import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/app';
import { manifest, writeFiles } from '../support/crates';
import { e2eEnv } from '../support/env';
import { ROOT } from '../support/package';
import { tryRun } from '../support/run';

const CLI = join(ROOT, 'bin', 'pmcp-deploy.js');
const folder = temporaryFolder('a server');
const root = folder.path;
let dev: ChildProcess;
let url: string;
let stderr = '';

/** The main.rs of a server that answers each request with a text, its path and its greeting. */
function source(text: string): string {
  return `use std::io::{Read, Write};

fn main() {
    let port = std::env::var("PORT").unwrap();
    let answer = format!("${text} {} {}", std::env::var("MCP_PATH").unwrap(), std::env::var("GREETING").unwrap());
    for stream in std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap().incoming() {
        let mut stream = stream.unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = write!(stream, "HTTP/1.1 200 OK\\r\\nconnection: close\\r\\ncontent-length: {}\\r\\n\\r\\n{answer}", answer.len());
    }
}
`;
}

/** The crate needs no others: a target folder of its own saves waiting for the builds of the sample server. */
function ownEnv(): NodeJS.ProcessEnv {
  return e2eEnv({ CARGO_TARGET_DIR: join(root, 'target') });
}

function configure(greeting: string): void {
  writeFiles(root, {
    '.pmcp/deploy.toml': `[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "dev"\n[environment]\nGREETING = "${greeting}"\n`,
  });
}

/** Waits until something is so. */
async function until(so: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!await so()) {
    if (Date.now() > deadline) throw new Error(`it took too long; what was said:\n${stderr}`);
    await sleep(50);
  }
}

const answers = (text: string) => until(async () => fetch(url).then(async (response) => await response.text() === text, () => false));

beforeAll(async () => {
  configure('hello');
  writeFiles(root, { 'Cargo.toml': manifest('dev'), 'src/main.rs': source('one') });
  dev = spawn(process.execPath, [CLI, 'dev'], { cwd: join(root, 'src'), env: ownEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  dev.stdout!.setEncoding('utf-8').on('data', (text: string) => (stdout += text));
  dev.stderr!.setEncoding('utf-8').on('data', (text: string) => (stderr += text));
  await until(() => stdout.includes('\n'));
  url = stdout.trim();
});

afterAll(() => {
  dev.kill('SIGKILL');
  folder.remove();
});

test('the server runs, with the environment of deploy.toml', async () => {
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  await answers('one /mcp hello');
});

test('it runs again when its code changes', async () => {
  writeFiles(root, { 'src/main.rs': source('two') });
  await answers('two /mcp hello');
  expect(stderr).toContain('src/main.rs changed\n');
});

test('what does not compile changes nothing', async () => {
  writeFiles(root, { 'src/main.rs': 'fn main() { not rust }\n' });
  await until(() => stderr.includes('the server does not compile; the previous build keeps running\n'));
  expect(stderr).toContain('error: could not compile `dev`');
  await answers('two /mcp hello');
  writeFiles(root, { 'src/main.rs': source('three') });
  await answers('three /mcp hello');
});

test('it runs again when deploy.toml changes', async () => {
  configure('good morning');
  await answers('three /mcp good morning');
});

test('a port that is taken is an error where it was asked for', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { status, stderr: said } = await tryRun(process.execPath, [CLI, 'dev', '--port', String(port)], { cwd: root, env: ownEnv() });
  taken.close();
  expect(said).toBe(`error: port ${port} is in use\n  choose another one with --port, or omit --port\n`);
  expect(status).toBe(1);
});

test('Ctrl-C ends it, and the server', async () => {
  dev.kill('SIGINT');
  const [code] = await once(dev, 'close');
  expect(code).toBe(0);
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});
