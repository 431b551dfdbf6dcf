import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../util/cache-dir';
import { UserError } from '../../util/user-error';
import { Builder } from '../builders/builder';
import { hashFiles, listFiles, publish, StoredBundle, storedPath } from '../cache/artifact-store';
import { SynthSession } from '../cache/synth-session';
import { Binary } from '../cargo/binaries';
import { BuildSpec, fingerprint } from '../fingerprint/fingerprint';
import { GlobListing } from '../fingerprint/glob';
import { collectInputs, Inputs } from '../fingerprint/inputs';
import { listedFiles } from '../fingerprint/listing';
import { BuildOptions } from '../options/options';

/** A binary that was built, in the store. */
export interface FinishedBuild {
  readonly bundle: StoredBundle;
  readonly inputs: Inputs;
  readonly fingerprint: string;
}

/** Number of times that a build runs while its sources change. */
const MAX_ATTEMPTS = 5;

/** Folders of killed builds are removed after a day, and results that no synthesis has used after 60 days. */
const BUILD_DAYS = 1;
const RESULT_DAYS = 60;

/** Build binaries together, and put each into the store. */
export function build(
  session: SynthSession, builder: Builder, options: BuildOptions, binaries: Binary[], specOf: (binary: Binary) => BuildSpec,
): FinishedBuild[] {
  const folder = createBuildFolder();
  const lambdaDir = join(folder, 'lambda');
  try {
    mkdirSync(lambdaDir);
    builder.runHooks('beforeBundling', lambdaDir);
    const compiled = compileUntilStable(session, builder, options, binaries, lambdaDir, specOf);
    return binaries.map((binary, index) => {
      const output = join(folder, 'output', String(index));
      assemble(output, bootstrapOf(binary, lambdaDir), binary, options, compiled[index].inputs);
      builder.runHooks('afterBundling', output);
      return { bundle: store(output), ...compiled[index] };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Run cargo until no source has changed while it ran. The fingerprint is then that of the compiled sources.
 */
function compileUntilStable(
  session: SynthSession, builder: Builder, options: BuildOptions, binaries: Binary[], lambdaDir: string,
  specOf: (binary: Binary) => BuildSpec,
): { readonly inputs: Inputs; readonly fingerprint: string }[] {
  let before: string | undefined;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const started = Date.now();
    const hadLockfile = existsSync(join(builder.workspace.root, 'Cargo.lock'));
    const messages = builder.build(binaries, lambdaDir);
    session.forgetFiles();

    const compiled = binaries.map((binary) => {
      const inputs = collectInputs({
        workspace: builder.workspace,
        cwd: dirname(options.manifestPath),
        env: builder.env,
        messages,
        binary,
        file: bootstrapOf(binary, lambdaDir),
        together: binaries.map((other) => other.name),
      });
      addOptionInputs(inputs, options);
      return { inputs, fingerprint: fingerprint(specOf(binary), builder.versions, inputs, session.files, builder.env) };
    });
    // Cargo itself writes a missing Cargo.lock.
    const isNewer = (path: string) => (hadLockfile || !path.endsWith('Cargo.lock')) && session.files.isNewer(path, started);
    const hasChanged = compiled.some(({ inputs }) => filesOf(inputs).some(isNewer));
    const now = JSON.stringify(compiled.map((each) => each.fingerprint));
    if (!hasChanged || now === before) {
      return compiled;
    }
    before = now;
  }
  throw new UserError(`the sources of ${options.manifestPath} changed again and again while cargo ran: `
    + 'stop what writes them, and run again');
}

function bootstrapOf(binary: Binary, lambdaDir: string): string {
  return join(lambdaDir, binary.name, 'bootstrap');
}

/** Add the files that options name. Cargo does not know about them. */
function addOptionInputs(inputs: Inputs, options: BuildOptions): void {
  const root = dirname(options.manifestPath);
  if (options.assets) {
    inputs.listings.set('asset', assetListing(options));
  }
  if (options.hookInputs.length > 0) {
    inputs.listings.set('hook', { kind: 'globs', path: root, option: 'bundling.hookInputs', include: options.hookInputs, exclude: [] });
  }
}

/** Return the files that the asset has next to the binary. */
export function assetListing(options: BuildOptions): GlobListing {
  const { include, exclude, baseDir } = options.assets!;
  const path = join(dirname(options.manifestPath), baseDir ?? '.');
  return { kind: 'globs', path, option: 'bundling.assets.include', include, exclude: exclude ?? [] };
}

function filesOf(inputs: Inputs): string[] {
  const listed = [...inputs.listings.values()].flatMap((listing) => listedFiles(listing).map((path) => join(listing.path, path)));
  return [...inputs.files.values(), ...listed];
}

/** Copy the binary and the files next to it into a folder. */
function assemble(output: string, bootstrap: string, binary: Binary, options: BuildOptions, inputs: Inputs): void {
  const target = options.kind === 'extension' ? join(output, 'extensions', binary.name) : join(output, 'bootstrap');
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(bootstrap, target);
  chmodSync(target, 0o755);
  const assets = inputs.listings.get('asset');
  for (const path of assets ? listedFiles(assets) : []) {
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
  // The id is a hash of the content, since the same sources can compile to different bytes in another folder or on another machine.
  const id = hashFiles(output, files);
  publish(output, storedPath(id), files);
  return { id, files };
}

function createBuildFolder(): string {
  const builds = join(cacheFolder(), 'builds');
  mkdirSync(builds, { recursive: true });
  removeOlder(builds, BUILD_DAYS);
  removeOlder(join(cacheFolder(), 'bundles'), RESULT_DAYS);
  removeOlder(join(cacheFolder(), 'records'), RESULT_DAYS);
  const folder = join(builds, `${process.pid}-${randomBytes(6).toString('hex')}`);
  mkdirSync(folder);
  return folder;
}

const DAY_MS = 24 * 3600_000;

function removeOlder(folder: string, days: number): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const age = Date.now() - (statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > days * DAY_MS) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
