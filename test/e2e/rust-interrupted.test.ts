import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, server, serversWorkspace, writeFiles } from '../support/crates';
import { invoke } from './support/runtime-api';
import { RustBench, synthCommand, Synthesized } from './support/rust';

const bench = new RustBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

interface Run {
  readonly child: ChildProcess;
  /** Resolves to the exit status when the process and all that it started have ended. */
  readonly ended: Promise<number | null>;
  output(): string;
}

function start(app: Parameters<typeof synthCommand>[0]): Run {
  // A process group of its own, so that all of it can be killed at once.
  const child = spawn(...synthCommand(app), { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr!.setEncoding('utf-8').on('data', (chunk: string) => (text += chunk));
  return { child, ended: once(child, 'close').then(([status]) => status as number | null), output: () => text };
}

async function succeed(app: Parameters<typeof synthCommand>[0]): Promise<Synthesized> {
  const run = start(app);
  const status = await run.ended;
  expect([status, status === 0 ? '' : run.output()]).toEqual([0, '']);
  return new Synthesized(app.outdir);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

test('killed at any moment, the next synth has a working asset', async () => {
  const root = bench.path('killed');
  const outdir = bench.path('killed-out');
  writeFiles(root, { 'Cargo.toml': manifest('killed'), 'src/main.rs': server('0') });
  const app = { manifestPath: root, outdir, profile: 'dev' };
  const began = Date.now();
  await succeed(app);
  const whole = Date.now() - began;

  for (let round = 1; round <= 20; round++) {
    writeFiles(root, { 'src/main.rs': server(String(round)) });
    if (round % 5 === 0) {
      // Also with nothing to reuse.
      rmSync(outdir, { recursive: true, force: true });
    }
    const run = start(app);
    // The later moments are those of the build and of the copies.
    await sleep(whole * (0.2 + 0.8 * Math.random()));
    try {
      process.kill(round % 2 === 0 ? run.child.pid! : -run.child.pid!, 'SIGKILL');
    } catch {
      // It was faster.
    }
    await run.ended;
    if (round % 3 !== 0) {
      const synthesized = await succeed(app);
      expect((await invoke(synthesized.file())).answer).toBe(String(round));
    }
    // Whatever is there under the name of an asset works.
    const assets = existsSync(outdir) ? readdirSync(outdir).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name)) : [];
    for (const asset of assets.slice(-2)) {
      await invoke(join(outdir, asset, 'bootstrap'));
    }
  }
  const last = await succeed(app);
  expect((await invoke(last.file())).answer).toBe('20');
});

test('an asset that is not complete is not believed', async () => {
  const root = bench.path('torn');
  const outdir = bench.path('torn-out');
  writeFiles(root, { 'Cargo.toml': manifest('torn'), 'src/main.rs': server('"whole"') });
  const app = { manifestPath: root, outdir, profile: 'dev' };
  const bootstrap = (await succeed(app)).file();
  writeFileSync(bootstrap, 'half');
  expect((await invoke((await succeed(app)).file())).answer).toBe('whole');
  rmSync(bootstrap);
  expect((await invoke((await succeed(app)).file())).answer).toBe('whole');
});

test('two synths at once in one checkout both succeed', async () => {
  const root = bench.path('twice');
  serversWorkspace(root, ['left', 'right']);
  const app = { manifestPath: root, binaryNames: ['left', 'right'], profile: 'dev' };
  const outdirs = [bench.path('twice-out'), bench.path('twice-out'), bench.path('twice-other')];
  const results = await Promise.all(outdirs.map((outdir) => succeed({ ...app, outdir })));
  for (const synthesized of results) {
    const hashes = Object.values(synthesized.hashes);
    expect(hashes).toHaveLength(2);
    expect(hashes).toEqual(Object.values(results[0].hashes));
    const answers = await Promise.all(hashes.map((hash) => invoke(synthesized.file('bootstrap', hash))));
    expect(answers.map(({ answer }) => answer)).toEqual(['hello from left', 'hello from right']);
  }
});
