import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurns, median, Servers, Variant } from './measure';
import { ensureCargoLambda } from '../src/cli/project/tools';
import { renderScaffold } from '../src/config/template';
import { toolEnvironment } from '../src/util/process/which';

/*
 * Measures the bundler side by side with cargo-lambda-cdk, the time that loading the package takes, and how soon the
 * command line answers.
 *
 * npm run bench                        all rows, several runs each; writes bench/RESULTS.md and the README's table
 * npm run bench -- noop-8 load         some rows, for the terminal alone
 * npm run bench -- --runs 3 cold       with another number of runs
 */

interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly goal: string;
  readonly met: boolean;
}

const ROOT = resolve(__dirname, '..');

/** The part of the README that is ours. */
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
  // How long a build takes does not matter here, so that it is one without optimizations.
  const servers = new Servers(folder, count, 'dev');
  // A hundred servers take the peer minutes, again at every synth.
  const variants: Variant[] = count > 10 ? ['prebuilt', 'functions', 'workspace'] : ['prebuilt', 'functions', 'workspace', 'peer'];
  variants.forEach((variant) => servers.synth(variant));
  const result = inTurns(runs, variants, (variant) => servers.synth(variant));
  const cost = (variant: string) => Math.max(0, result[variant].seconds - result.prebuilt.seconds);
  const worst = Math.max(cost('functions'), cost('workspace'));
  const named = count === 1 ? '1 server' : `${count} servers`;
  const memory = Math.max(result.functions.memory, result.workspace.memory);
  const row = {
    what: `synth with nothing to build, ${named}: cost over prebuilt assets`,
    ours: `${seconds(cost('functions'))} (RustFunction), ${seconds(cost('workspace'))} (RustWorkspace)`,
    peer: result.peer ? seconds(cost('peer')) : 'not measured',
    goal: `at most ${limit} s${factor ? `, and at most 1/${factor} of the peer's` : ''}`,
    met: worst <= limit && (factor === undefined || worst <= cost('peer') / factor),
  };
  return result.peer === undefined ? [row] : [row, {
    what: `memory of that synth, ${named}`,
    ours: `${memory.toFixed(0)} MB`,
    peer: `${result.peer.memory.toFixed(0)} MB`,
    goal: 'no more than the peer\'s',
    met: memory <= result.peer.memory,
  }];
}

function cold(runs: number): Row[] {
  const servers = new Servers(folder, 8, 'release');
  const result = inTurns(runs, ['workspace', 'peer'], (variant) => {
    servers.clean(variant);
    return servers.synth(variant);
  });
  return [compared('cold build of 8 servers', result, 0.9)];
}

function changed(runs: number): Row[] {
  const servers = new Servers(folder, 8, 'release');
  servers.synth('workspace');
  servers.synth('peer');
  const result = inTurns(runs, ['workspace', 'peer'], (variant) => {
    servers.change();
    return servers.synth(variant);
  });
  return [compared('8 servers changed', result, 0.85)];
}

function compared(what: string, result: { [variant: string]: { seconds: number } }, limit: number): Row {
  const ratio = result.workspace.seconds / result.peer.seconds;
  return {
    what,
    ours: `${seconds(result.workspace.seconds)} (${ratio.toFixed(2)} of the peer's)`,
    peer: seconds(result.peer.seconds),
    goal: `at most ${limit} of the peer's`,
    met: ratio <= limit,
  };
}

/** What `require` of a module takes in a fresh process, and whether projen came with it. */
function load(runs: number): Row[] {
  const script = (modules: string[]) => `const started = process.hrtime.bigint(); for (const name of ${JSON.stringify(modules)}) require(name);
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6;
    process.stdout.write(JSON.stringify({ milliseconds, projen: Object.keys(require.cache).some((file) => /[\\\\/]projen[\\\\/]/.test(file)) }));`;
  const once = (modules: string[]) => JSON.parse(spawnSync(process.execPath, ['-e', script(modules)], { cwd: ROOT, encoding: 'utf-8' }).stdout);
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
    what: 'loading the package, over aws-cdk-lib alone',
    ours: `${cost.toFixed(1)} ms, projen ${projen ? 'loaded' : 'not loaded'}`,
    peer: '',
    goal: 'at most 30 ms, projen not loaded',
    met: cost <= 30 && !projen,
  }];
}

/** How much longer than an empty Node.js process the command line takes to answer. */
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
      what: `pmcp-deploy ${name}, over node -e 0`, ours: `${cost.toFixed(0)} ms`, peer: '', goal: `at most ${limit} ms`, met: cost <= Number(limit),
    };
  });
}

function table(results: Row[]): string {
  return [
    '| what | pmcp-deploy | cargo-lambda-cdk | goal | met |',
    '| --- | --- | --- | --- | --- |',
    ...results.map((row) => `| ${row.what} | ${row.ours} | ${row.peer} | ${row.goal} | ${row.met ? 'yes' : 'no'} |`),
  ].join('\n');
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
    throw new Error('lib/ is missing: run npx projen compile first');
  }
  await ensureCargoLambda((text) => process.stderr.write(`${text}\n`));
  // The peer looks for cargo-lambda in PATH only.
  process.env.PATH = toolEnvironment({}).PATH;
  const results = chosen.flatMap((name) => {
    process.stderr.write(`${name} ...\n`);
    const measured = rows[name](runs);
    // Builds take minutes: what is known is told at once.
    measured.forEach((row) => process.stderr.write(`  ${row.what}: ${row.ours}; peer ${row.peer}; ${row.goal}: ${row.met ? 'met' : 'missed'}\n`));
    return measured;
  });
  process.stdout.write(`${table(results)}\n`);
  if (args.length === 0) {
    const versions = JSON.parse(readFileSync(join(ROOT, 'node_modules', 'cargo-lambda-cdk', 'package.json'), 'utf-8')).version;
    const text = `Medians of ${runs} runs (fewer for builds), in turns, on ${cpus().length} × ${cpus()[0].model}, Node ${process.version}, `
      + `against cargo-lambda-cdk ${versions}. Made by \`npm run bench\`.\n\n${table(results)}\n`;
    writeFileSync(join(__dirname, 'RESULTS.md'), `# How fast it is\n\n${text}`);
    const readme = join(ROOT, 'README.md');
    writeFileSync(readme, readFileSync(readme, 'utf-8').replace(TABLE, (_, before: string, after: string) => `${before}\n${text}${after}`));
  }
}

main()
  .catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
