import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { sharedTools } from './tools';
import { venvBin } from '../../../src/util/cache-dir';
import { which } from '../../../src/util/process/which';
import { ROOT } from '../../support/package';

/** A place for one test file: its own cache, its own target folder, and a cargo that records what it is asked. */
export class RustBench {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-rust-')));
  private readonly log = join(this.folder, 'calls');
  private readonly before = { ...process.env };
  private outputs = 0;

  /** Put the recording cargo in front of PATH. */
  public start(): void {
    const cargoLambda = sharedTools().find(({ name }) => name === 'cargo-lambda');
    if (cargoLambda) process.env.PATH = `${venvBin(cargoLambda.home)}${delimiter}${process.env.PATH}`;
    process.env.PMCP_DEPLOY_CACHE = join(this.folder, 'cache');
    process.env.CARGO_TARGET_DIR = join(this.folder, 'target');
    // cargo-lambda optimizes at link time by default, which takes four seconds of each release build.
    process.env.CARGO_PROFILE_RELEASE_LTO = 'off';
    const cargo = which('cargo', process.env)!;
    const bin = mkdtempSync(join(this.folder, 'bin-'));
    writeFileSync(join(bin, 'cargo'), `#!/bin/sh\necho "$*" >> "${this.log}"\nexec "${cargo}" "$@"\n`);
    chmodSync(join(bin, 'cargo'), 0o755);
    process.env.PATH = `${bin}${delimiter}${process.env.PATH}`;
  }

  /** Removes everything, and restores the environment. */
  public stop(): void {
    for (const name of Object.keys(process.env)) {
      if (this.before[name] === undefined) {
        delete process.env[name];
      }
    }
    Object.assign(process.env, this.before);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A folder for the sources of a test. */
  public path(name: string): string {
    return join(this.folder, name);
  }

  /** How often cargo was started while something ran. */
  public callsDuring(action: () => void): string[] {
    const before = this.calls().length;
    action();
    return this.calls().slice(before);
  }

  private calls(): string[] {
    return existsSync(this.log) ? readFileSync(this.log, 'utf-8').trimEnd().split('\n') : [];
  }

  /** Synthesizes an app with one stack, as the CDK does, into a new folder. */
  public synth(define: (stack: Stack) => void, outdir = join(this.folder, `out-${this.outputs++}`)): Synthesized {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Stack');
    define(stack);
    app.synth();
    return new Synthesized(outdir);
  }
}

/** What a synth has left. */
export class Synthesized {
  /** The hashes of the assets, by the logical id of their resource. */
  public readonly hashes: { [logicalId: string]: string } = {};

  constructor(public readonly outdir: string) {
    const template = JSON.parse(readFileSync(join(outdir, 'Stack.template.json'), 'utf-8'));
    for (const [id, resource] of Object.entries<{ Properties?: Record<string, { S3Key?: string }> }>(template.Resources)) {
      const key = resource.Properties?.Code?.S3Key ?? resource.Properties?.Content?.S3Key;
      if (key !== undefined) {
        this.hashes[id] = key.replace('.zip', '');
      }
    }
  }

  /** The hash of the only asset. */
  public get hash(): string {
    const hashes = Object.values(this.hashes);
    expect(hashes).toHaveLength(1);
    return hashes[0];
  }

  /** The path of a file of an asset. */
  public file(path = 'bootstrap', hash = this.hash): string {
    return join(this.outdir, `asset.${hash}`, path);
  }
}

/** The command that synthesizes an app with functions in a process of its own. */
export function synthCommand(app: { manifestPath: string; outdir: string; profile?: string; binaryNames?: string[] }): [string, string[]] {
  return [process.execPath, [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(__dirname, 'rust-app.ts'), JSON.stringify(app)]];
}

/** The machine of an ELF file. */
export function machineOf(file: string): string {
  const header = readFileSync(file).subarray(0, 20);
  expect(header.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  return { 0x3e: 'x86_64', 0xb7: 'aarch64' }[header.readUInt16LE(18)] ?? 'other';
}
