import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serversWorkspace, writeFiles } from '../test/support/crates';

/** How the functions get their code: prebuilt, `RustFunction`, `RustWorkspace`, or `RustFunction` of cargo-lambda-cdk. */
export type Variant = 'prebuilt' | 'functions' | 'workspace' | 'peer';

/** One run of a process: its duration in seconds, and its peak memory in MB. */
export interface Sample {
  readonly seconds: number;
  readonly memory: number;
}

/** A generated workspace of servers. Each variant has its own build folder and cache. */
export class Servers {
  public readonly root: string;

  constructor(private readonly folder: string, public readonly count: number, private readonly profile: 'dev' | 'release') {
    this.root = join(folder, `servers-${count}-${profile}`);
    serversWorkspace(this.root, this.names);
    for (const name of this.names) {
      writeFiles(this.root, { [`prebuilt/${name}/bootstrap`]: `prebuilt ${name}` });
    }
  }

  public get names(): string[] {
    return Array.from({ length: this.count }, (_, index) => `server${index}`);
  }

  /** Synthesizes the app in a new process. @throws if the synthesis fails */
  public synth(variant: Variant): Sample {
    const app = { variant, servers: this.count, root: this.root, profile: this.profile, outdir: this.place(variant, 'out') };
    const env = { ...process.env, CARGO_TARGET_DIR: this.place(variant, 'target'), PMCP_DEPLOY_CACHE: this.place(variant, 'cache') };
    const started = process.hrtime.bigint();
    const child = spawnSync(process.execPath, [join(__dirname, 'app.cjs'), JSON.stringify(app)], {
      env, encoding: 'utf-8', stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    if (child.status !== 0) {
      throw new Error(`${variant} with ${this.count} servers failed:\n${child.stderr}`);
    }
    return { seconds, memory: JSON.parse(child.stdout).memory };
  }

  /** Changes the source of every server. */
  public change(): void {
    for (const name of this.names) {
      const file = join(this.root, 'servers', name, 'src', 'main.rs');
      writeFileSync(file, readFileSync(file, 'utf-8').replace(/(from server\d+)[^"]*/, `$1 at ${process.hrtime.bigint()}`));
    }
  }

  /** Removes everything that a variant has built. */
  public clean(variant: Variant): void {
    rmSync(join(this.folder, variant, `${this.count}-${this.profile}`), { recursive: true, force: true });
  }

  private place(variant: Variant, what: string): string {
    const folder = join(this.folder, variant, `${this.count}-${this.profile}`, what);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs the variants interleaved, so that other load of the machine affects all of them alike. Returns medians. */
export function interleaved(runs: number, variants: Variant[], run: (variant: Variant) => Sample): { [variant: string]: Sample } {
  const samples = new Map<Variant, Sample[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < runs; round++) {
    variants.forEach((variant) => samples.get(variant)!.push(run(variant)));
  }
  return Object.fromEntries([...samples].map(([variant, all]) => [
    variant, { seconds: median(all.map((sample) => sample.seconds)), memory: median(all.map((sample) => sample.memory)) },
  ]));
}
