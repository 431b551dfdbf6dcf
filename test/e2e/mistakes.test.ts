import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { npxPmcpDeploy, scaffold, stopLocal, temporaryFolder, tryNpxPmcpDeploy } from '../support/app';
import { manifest, server, writeFiles } from '../support/crates';
import { e2eEnv } from '../support/env';
import { RunResult } from '../support/run';

/*
 * What the README's commands answer to mistakes and to Ctrl-C, in a scaffolded app with the real CDK, the real cargo and the real AWS clients.
 */

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const folder = temporaryFolder('hello');
const root = folder.path;
const app = join(root, 'deploy');
const cargoToml = join(root, 'Cargo.toml');

beforeAll(async () => {
  writeFiles(root, { 'Cargo.toml': manifest('hello'), 'src/main.rs': server('"hello"') });
  await scaffold(root, ['--outdir', 'deploy', '--no-git']);
});
afterAll(async () => {
  await stopLocal(app);
  folder.remove();
});

/** The crate needs no others: a target folder of its own saves waiting for the builds of the sample server. */
function ownEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return e2eEnv({ CARGO_TARGET_DIR: join(root, 'target'), ...extra });
}

/** What a command said, without colours, times and npm's own news. */
function said({ stderr }: RunResult): string {
  return stderr.replace(ANSI, '').replace(/ {2}\d+\.\ds$/gm, '').replace(/^npm (notice|warn).*\n/gm, '');
}

/** Types `npx pmcp-deploy ARGS`, which must fail as a mistake does, without a JavaScript stack; what it says. */
async function refused(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const result = await tryNpxPmcpDeploy(app, args, { env: ownEnv(env) });
  expect(result).toMatchObject({ status: 1, stdout: '' });
  expect(result.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  return said(result);
}

/** What the build says when the CDK app has given `why`. */
const notBuilt = (why: string) => expect.stringMatching(new RegExp(`› Build\n${why.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\n.*exited with error 1\n✖ Build\nerror: hello could not be built\n$`));

/** Does something while a file has another text, or is away. */
async function withFile<T>(path: string, text: string | undefined, work: () => Promise<T>): Promise<T> {
  const file = join(root, path);
  const away = join(root, 'away');
  const there = existsSync(file);
  if (there) renameSync(file, away);
  if (text !== undefined) writeFiles(root, { [path]: text });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
    if (there) renameSync(away, file);
  }
}

describe('the server', () => {
  test('that does not compile: cargo\'s error as cargo prints it, then which server it was', async () => {
    const text = await withFile('src/main.rs', 'fn main() { not rust }\n', () => refused(['synth']));
    const [, cargo] = text.split('› Build\n');
    expect(cargo).toContain(' --> src/main.rs:1:17\n  |\n1 | fn main() { not rust }\n  |                 ^^^^ expected one of 8 possible tokens\n\n'
      + 'error: could not compile `hello` (bin "hello") due to 1 previous error\n'
      + `could not build "hello" of ${cargoToml}: cargo exited with status 101; its own message is above\n`);
    expect(cargo).toMatch(/✖ Build\nerror: hello could not be built\n$/);
  });

  test('whose Cargo.toml is missing: the path that was looked at', async () => {
    expect(await withFile('Cargo.toml', undefined, () => refused(['synth'])))
      .toEqual(expect.stringContaining(`› Build\nno Cargo.toml at ${cargoToml}: set `));
  });

  test('whose Cargo.toml does not parse: cargo\'s own message', async () => {
    expect(await withFile('Cargo.toml', '[package\n', () => refused(['synth']))).toEqual(notBuilt(
      `cargo cannot read ${cargoToml}:\nerror: unclosed table, expected \`]\`\n --> Cargo.toml:1:9\n  |\n1 | [package\n  |         ^`,
    ));
  });

  test('with several binaries and no choice: all of them', async () => {
    expect(await withFile('src/bin/other.rs', 'fn main() {}\n', () => refused(['synth'])))
      .toContain(`› Build\n${cargoToml} has several binaries: "hello", "other"; set `);
  });

  test('without the binary that was chosen: those that it has', async () => {
    const toml = readFileSync(join(root, '.pmcp', 'deploy.toml'), 'utf-8').replace(/^\[build\]$/m, '[build]\nbinary = "absent"');
    expect(await withFile('.pmcp/deploy.toml', toml, () => refused(['synth'])))
      .toContain(`› Build\nno binary "absent" in ${cargoToml}: it has "hello"; set `);
  });
});

describe('the machine', () => {
  test('without AWS credentials: what was tried', async () => {
    const nowhere = { AWS_CONFIG_FILE: join(root, 'none'), AWS_SHARED_CREDENTIALS_FILE: join(root, 'none'), AWS_EC2_METADATA_DISABLED: 'true' };
    expect(await refused(['deploy'], nowhere)).toMatch(new RegExp([
      '✖ AWS\nerror: no AWS credentials found; tried environment \\(AWS_ACCESS_KEY_ID is not set\\); profile "default" of .*\n',
      '  sign in with "aws sso login" \\(or "aws configure"\\), or set AWS_PROFILE, .*; to try without an account: npx pmcp-deploy local\n$',
    ].join('')));
  });

  test('without cargo: how to install it', async () => {
    const PATH = (process.env.PATH ?? '').split(delimiter).filter((entry) => !existsSync(join(entry, 'cargo'))).join(delimiter);
    expect(await refused(['deploy'], { PATH })).toBe('✔ Configuration  hello, stage default, us-east-1\n✖ Tools\nerror: cargo was not found in PATH\n'
      + "  install Rust: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh, and open a new terminal\n");
  });
});

describe('Ctrl-C', () => {
  /** Types a command, and Ctrl-C as soon as `seen` is there; a terminal signals all of a command's processes. */
  async function interrupted(args: string[], seen: (stderr: string) => boolean, env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    const child = spawn('npx', ['--no-install', 'pmcp-deploy', ...args], { cwd: app, env: ownEnv(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr, sent] = ['', '', false];
    child.stdout.setEncoding('utf-8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf-8').on('data', (text: string) => (stderr += text));
    const looking = setInterval(() => {
      if (sent || !seen(stderr)) return;
      sent = true;
      process.kill(-child.pid!, 'SIGINT');
    }, 20);
    const status = await new Promise<number>((resolve) => child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!])));
    clearInterval(looking);
    expect(sent).toBe(true);
    return { status, stdout, stderr };
  }

  test('while cargo works: nothing half-made is left, and the next run works', async () => {
    const marker = join(root, 'marker');
    const slow = `fn main() { std::fs::write(${JSON.stringify(marker)}, "").unwrap(); std::thread::sleep(std::time::Duration::from_secs(120)); }\n`;
    const assembly = join(app, 'cdk.out');
    rmSync(assembly, { recursive: true, force: true });
    const result = await withFile('build.rs', slow, () => interrupted(['synth'], () => existsSync(marker)));
    expect({ status: result.status, end: said(result).split('\n').slice(-2) }).toEqual({ status: 130, end: ['error: interrupted', ''] });
    const assets = () => (existsSync(assembly) ? readdirSync(assembly).filter((name) => name.startsWith('asset.')) : []);
    expect(assets()).toEqual([]);
    await npxPmcpDeploy(app, ['synth'], { env: ownEnv() });
    expect(assets()).toHaveLength(1);
  });

  test('while an answer of AWS is waited for: says so', async () => {
    let asked = false;
    const silent = createServer(() => (asked = true)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const result = await interrupted(['outputs'], () => asked, { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    silent.closeAllConnections();
    silent.close();
    expect({ ...result, stderr: said(result) }).toEqual({ status: 130, stdout: '', stderr: 'error: interrupted\n' });
  });

  test('while CloudFormation works: whether it continues, and the next run works', async () => {
    const result = await interrupted(['local'], (stderr) => stderr.includes('creating CloudFormation changeset'));
    expect(result.status).toBe(130);
    expect(said(result)).toMatch(/error: interrupted(; CloudFormation is not changing anything|, but CloudFormation continues: .*\n {2}follow it with: npx pmcp-deploy status --watch --local)\n$/);
    await npxPmcpDeploy(app, ['deploy', '--local', '--yes', '--no-tests'], { env: ownEnv() });
    expect((await npxPmcpDeploy(app, ['status', '--local'], { env: ownEnv() })).stdout).toMatch(/(CREATE|UPDATE)_COMPLETE/);
  });
});
