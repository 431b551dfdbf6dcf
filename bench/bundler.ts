import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interleaved, median, Servers, Variant } from './measure';
import { ensureCargoLambda } from '../src/cli/project/tools';
import { renderScaffold } from '../src/config/template';
import { toolEnvironment } from '../src/util/process/which';

/*
 * Measures the bundler next to cargo-lambda-cdk, the time to load the package, and the start of the command line.
 *
 * npm run bench                        all rows, 7 runs each; writes the table of docs/performance.md
 * npm run bench -- noop-8 load         only these rows; prints them and writes no file
 * npm run bench -- --runs 3 cold       with another number of runs
 */

/** A row of the table. */
interface Row {
  /** What is measured. */
  readonly measurement: string;
  readonly ours: string;

  /** The result of cargo-lambda-cdk; empty if there is nothing to compare. */
  readonly peer: string;
  readonly goal: string;
  readonly met: boolean;
}

const ROOT = resolve(__dirname, '..');

/** The page with the results. */
const PAGE = join(ROOT, 'docs', 'performance.md');

/** The part of the page that this program writes. */
const TABLE = /(<!-- bench -->\n)[^]*(<!-- \/bench -->)/;
const seconds = (value: number) => `${value.toFixed(2)} s`;
const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-bench-'));

const rows: { [name: string]: (runs: number) => Row[] } = {
  'noop-1': (runs) => noop(1, runs, 0.1),
  'noop-8': (runs) => noop(8, runs, 0.15, 15),
  'noop-100': (runs) => noop(100, runs, 0.5),
  'cold': (runs) => cold(Math.min(runs, 3)),
  'changed': (runs) => changed(Math.min(runs, 5)),
  'load': (runs) => load(runs * 3),
  'command-line': (runs) => commandLine(runs * 3),
};

function noop(count: number, runs: number, limit: number, factor?: number): Row[] {
  // The builds are not measured here, so they need no optimizations.
  const servers = new Servers(folder, count, 'dev');
  // With a hundred servers, each synth of the peer takes minutes.
  const variants: Variant[] = count > 10 ? ['prebuilt', 'functions', 'workspace'] : ['prebuilt', 'functions', 'workspace', 'peer'];
  variants.forEach((variant) => servers.synth(variant));
  const result = interleaved(runs, variants, (variant) => servers.synth(variant));
  const cost = (variant: string) => Math.max(0, result[variant].seconds - result.prebuilt.seconds);
  const worst = Math.max(cost('functions'), cost('workspace'));
  const label = count === 1 ? '1 server' : `${count} servers`;
  const memory = Math.max(result.functions.memory, result.workspace.memory);
  const row = {
    measurement: `No-op synth, ${label} (overhead vs prebuilt assets)`,
    ours: `${seconds(cost('functions'))} (RustFunction), ${seconds(cost('workspace'))} (RustWorkspace)`,
    peer: result.peer ? seconds(cost('peer')) : 'not measured',
    goal: `at most ${limit} s${factor ? `, and at most 1/${factor} of the peer's` : ''}`,
    met: worst <= limit && (factor === undefined || worst <= cost('peer') / factor),
  };
  return result.peer === undefined ? [row] : [row, {
    measurement: `Peak memory of that synth, ${label}`,
    ours: `${memory.toFixed(0)} MB`,
    peer: `${result.peer.memory.toFixed(0)} MB`,
    goal: 'no more than the peer\'s',
    met: memory <= result.peer.memory,
  }];
}

function cold(runs: number): Row[] {
  const servers = new Servers(folder, 8, 'release');
  const result = interleaved(runs, ['workspace', 'peer'], (variant) => {
    servers.clean(variant);
    return servers.synth(variant);
  });
  return [compared('Cold build, 8 servers', result, 0.9)];
}

function changed(runs: number): Row[] {
  const servers = new Servers(folder, 8, 'release');
  servers.synth('workspace');
  servers.synth('peer');
  const result = interleaved(runs, ['workspace', 'peer'], (variant) => {
    servers.change();
    return servers.synth(variant);
  });
  return [compared('Rebuild after a change to each of 8 servers', result, 0.85)];
}

function compared(measurement: string, result: { [variant: string]: { seconds: number } }, limit: number): Row {
  const ratio = result.workspace.seconds / result.peer.seconds;
  return {
    measurement,
    ours: `${seconds(result.workspace.seconds)} (${ratio.toFixed(2)} of the peer's)`,
    peer: seconds(result.peer.seconds),
    goal: `at most ${limit} of the peer's`,
    met: ratio <= limit,
  };
}

/** Measures `require` of the package in a new process, and checks that it does not load projen. */
function load(runs: number): Row[] {
  const script = (modules: string[]) => `
    const started = process.hrtime.bigint();
    for (const name of ${JSON.stringify(modules)}) require(name);
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    const projen = Object.keys(require.cache).some((file) => /[\\\\/]projen[\\\\/]/.test(file));
    process.stdout.write(JSON.stringify({ milliseconds, projen }));`;
  const once = (modules: string[]): { readonly milliseconds: number; readonly projen: boolean } => (
    JSON.parse(spawnSync(process.execPath, ['-e', script(modules)], { cwd: ROOT, encoding: 'utf-8' }).stdout)
  );
  const alone: number[] = [];
  const both: number[] = [];
  let projen = false;
  for (let round = 0; round < runs; round++) {
    alone.push(once(['aws-cdk-lib']).milliseconds);
    const ours = once(['aws-cdk-lib', join(ROOT, 'lib')]);
    both.push(ours.milliseconds);
    projen ||= ours.projen;
  }
  const cost = median(both) - median(alone);
  return [{
    measurement: 'Load the package (on top of aws-cdk-lib)',
    ours: `${cost.toFixed(1)} ms, projen ${projen ? 'loaded' : 'not loaded'}`,
    peer: '',
    goal: 'at most 30 ms, projen not loaded',
    met: cost <= 30 && !projen,
  }];
}

/** Measures how much longer the command line runs than an empty Node.js process. */
function commandLine(runs: number): Row[] {
  const server = join(folder, 'command-line');
  cpSync(join(ROOT, 'templates', 'server'), server, { recursive: true });
  mkdirSync(join(server, '.pmcp'));
  writeFileSync(join(server, '.pmcp', 'deploy.toml'), renderScaffold({ serverName: 'sample', region: 'eu-central-1' }));
  const cli = join(ROOT, 'bin', 'pmcp-deploy.js');
  const once = (args: string[]) => {
    const started = process.hrtime.bigint();
    const child = spawnSync(process.execPath, args, { cwd: server, encoding: 'utf-8' });
    if (child.status !== 0) throw new Error(`${args.join(' ')} failed:\n${child.stdout}${child.stderr}`);
    return Number(process.hrtime.bigint() - started) / 1e6;
  };
  const commands: { [name: string]: string[] } = { 'node -e 0': ['-e', '0'], '--help': [cli, '--help'], 'validate': [cli, 'validate'] };
  const samples = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
  for (let round = 0; round < runs; round++) {
    Object.entries(commands).forEach(([name, args]) => samples.get(name)!.push(once(args)));
  }
  const empty = median(samples.get('node -e 0')!);
  return [['--help', 150], ['validate', 300]].map(([name, limit]) => {
    const cost = median(samples.get(name as string)!) - empty;
    return {
      measurement: `\`pmcp-deploy ${name}\` (on top of \`node -e 0\`)`,
      ours: `${cost.toFixed(0)} ms`,
      peer: '',
      goal: `at most ${limit} ms`,
      met: cost <= Number(limit),
    };
  });
}

function table(results: Row[]): string {
  return [
    '| measurement | pmcp-deploy | cargo-lambda-cdk | goal | met |',
    '| --- | --- | --- | --- | --- |',
    ...results.map((row) => `| ${row.measurement} | ${row.ours} | ${row.peer} | ${row.goal} | ${row.met ? 'yes' : 'no'} |`),
  ].join('\n');
}

/** The page with these results between its markers. @throws if the page has no markers */
function withResults(page: string, results: string): string {
  if (!TABLE.test(page)) throw new Error(`${PAGE} has no <!-- bench --> and <!-- /bench -->: add them where the table belongs`);
  return page.replace(TABLE, (_, before: string, after: string) => `${before}\n${results}\n\n${after}`);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const at = args.indexOf('--runs');
  const runs = at >= 0 ? Number(args.splice(at, 2)[1]) : 7;
  const chosen = args.length > 0 ? args : Object.keys(rows);
  const unknown = chosen.find((name) => !rows[name]);
  if (unknown !== undefined || !(runs >= 1)) {
    throw new Error(`usage: npm run bench -- [--runs <number>] [${Object.keys(rows).join(' | ')}] ...`);
  }
  if (!existsSync(join(ROOT, 'lib', 'index.js'))) {
    throw new Error('lib/index.js is missing: run "npx projen compile"');
  }
  await ensureCargoLambda((text) => process.stderr.write(`${text}\n`));
  // cargo-lambda-cdk looks for cargo-lambda in PATH only.
  process.env.PATH = toolEnvironment({}).PATH;
  const results = chosen.flatMap((name) => {
    process.stderr.write(`${name} ...\n`);
    const measured = rows[name](runs);
    // Builds take minutes, so each result is printed as soon as it is known.
    measured.forEach((row) => {
      const peer = row.peer && `; cargo-lambda-cdk ${row.peer}`;
      process.stderr.write(`  ${row.measurement}: ${row.ours}${peer}; goal ${row.goal}: ${row.met ? 'met' : 'missed'}\n`);
    });
    return measured;
  });
  process.stdout.write(`${table(results)}\n`);
  if (args.length === 0) {
    const version = JSON.parse(readFileSync(join(ROOT, 'node_modules', 'cargo-lambda-cdk', 'package.json'), 'utf-8')).version;
    const setting = `Medians of ${runs} interleaved runs (at most 3 for the cold build, 5 for the rebuild), `
      + `on ${cpus().length} × ${cpus()[0].model}, Node.js ${process.version}, against cargo-lambda-cdk ${version}.`;
    writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf-8'), `${setting}\n\n${table(results)}`));
  }
}

main()
  .catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
