import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../util/cache-dir';
import { UserError } from '../../util/user-error';
import { Builder } from '../builders/builder';
import { hashFiles, listFiles, publish, StoredBundle, storedPath } from '../cache/artifact-store';
import { Session } from '../cache/session';
import { Binary } from '../cargo/binaries';
import { fingerprint } from '../fingerprint/fingerprint';
import { collectInputs, Inputs } from '../fingerprint/inputs';
import { list } from '../fingerprint/listing';
import { BuildOptions } from '../options/options';

/** A build that is done, in the store. */
export interface Finished {
  readonly bundle: StoredBundle;
  readonly inputs: Inputs;
  readonly fingerprint: string;
}

/** How often a build is repeated while its sources change under it. */
const ATTEMPTS = 5;

/** Builds binaries together, and puts each into the store under its fingerprint. */
export function build(
  session: Session, builder: Builder, options: BuildOptions, binaries: Binary[], describe: (binary: Binary) => object,
): Finished[] {
  const folder = temporaryFolder();
  const lambdaDir = join(folder, 'lambda');
  try {
    mkdirSync(lambdaDir);
    builder.hooks('beforeBundling', lambdaDir);
    const collected = buildUntilStable(session, builder, options, binaries, lambdaDir);
    return binaries.map((binary, index) => {
      const { inputs, print } = collected[index](describe(binary));
      const output = join(folder, 'output', String(index));
      assemble(output, join(lambdaDir, binary.name, 'bootstrap'), binary, options, inputs);
      builder.hooks('afterBundling', output);
      return { bundle: store(output), inputs, fingerprint: print };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Collected = (what: object) => { inputs: Inputs; print: string };

/**
 * Runs cargo until no source has changed while it ran: what cargo compiled is then what the fingerprint is made from.
 */
function buildUntilStable(session: Session, builder: Builder, options: BuildOptions, binaries: Binary[], lambdaDir: string): Collected[] {
  let before: string | undefined;
  for (let attempt = 1; ; attempt++) {
    const started = Date.now();
    const hadLock = existsSync(join(builder.workspace.root, 'Cargo.lock'));
    const messages = builder.build(binaries, lambdaDir);
    session.forgetFiles();

    const inputs = binaries.map((binary) => {
      const file = join(lambdaDir, binary.name, 'bootstrap');
      const found = collectInputs({
        workspace: builder.workspace,
        cwd: dirname(options.manifestPath),
        env: builder.env,
        messages,
        binary,
        file,
        together: binaries.map((other) => other.name),
      });
      addOwn(found, options);
      return found;
    });
    const isNewer = inputs.some((found) => filesOf(found).some((path) => (hadLock || !path.endsWith('Cargo.lock')) && session.files.isNewer(path, started)));
    const prints = inputs.map((found) => fingerprint({}, builder.versions, found, session.files, builder.env));
    const now = JSON.stringify(prints);
    if (!isNewer || now === before) {
      return inputs.map((found) => (what) => ({ inputs: found, print: fingerprint(what, builder.versions, found, session.files, builder.env) }));
    }
    if (attempt === ATTEMPTS) {
      throw new UserError(`the sources of ${options.manifestPath} changed again and again while cargo ran: stop what writes them, and run again`);
    }
    before = now;
  }
}

/** What this package, not cargo, reads. */
function addOwn(inputs: Inputs, options: BuildOptions): void {
  const root = dirname(options.manifestPath);
  if (options.assets) {
    inputs.listings.set('asset', assetListing(options));
  }
  if (options.hookInputs.length > 0) {
    inputs.listings.set('hook', { kind: 'globs', path: root, option: 'bundling.hookInputs', include: options.hookInputs, exclude: [] });
  }
}

/** The files that are shipped next to the binary. */
export function assetListing(options: BuildOptions) {
  const { include, exclude, baseDir } = options.assets!;
  return { kind: 'globs' as const, path: join(dirname(options.manifestPath), baseDir ?? '.'), option: 'bundling.assets.include', include, exclude: exclude ?? [] };
}

function filesOf(inputs: Inputs): string[] {
  return [...inputs.files.values(), ...[...inputs.listings.values()].flatMap((listing) => list(listing).map((path) => join(listing.path, path)))];
}

function assemble(output: string, bootstrap: string, binary: Binary, options: BuildOptions, inputs: Inputs): void {
  const target = options.kind === 'extension' ? join(output, 'extensions', binary.name) : join(output, 'bootstrap');
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(bootstrap, target);
  chmodSync(target, 0o755);
  const assets = inputs.listings.get('asset');
  for (const path of assets ? list(assets) : []) {
    const file = join(output, path);
    if (file === target) {
      throw new UserError(`bundling.assets.include: ${path} of ${assets!.path} would replace the binary: exclude it`);
    }
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(join(assets!.path, path), file);
  }
}

function store(output: string): StoredBundle {
  const files = listFiles(output);
  // By content: one source may well be compiled to different bytes on two machines, or in two folders.
  const id = hashFiles(output, files);
  publish(output, storedPath(id), files);
  return { id, files };
}

function temporaryFolder(): string {
  const builds = join(cacheFolder(), 'builds');
  mkdirSync(builds, { recursive: true });
  // What builds that were killed have left, and what no synth has asked for in a long time.
  removeOlder(builds, 1);
  removeOlder(join(cacheFolder(), 'bundles'), 60);
  removeOlder(join(cacheFolder(), 'records'), 60);
  const folder = join(builds, `${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder);
  return folder;
}

const DAY = 24 * 3600_000;

function removeOlder(folder: string, days: number): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const age = Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > days * DAY) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
