import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..');
const SOURCE = join(ROOT, 'src', 'handlers');

/**
 * Bundles each file of src/handlers into a folder of lib/handlers: the asset of a Lambda function.
 *
 * The AWS clients are bundled too: that starts faster than those of the runtime, and is the same everywhere.
 */
export async function bundleHandlers(): Promise<void> {
  const names = readdirSync(SOURCE, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => entry.name.replace(/\.ts$/, ''));
  await Promise.all(names.map((name) => build({
    entryPoints: [join(SOURCE, `${name}.ts`)],
    outfile: join(ROOT, 'lib', 'handlers', name, 'index.js'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  })));
}

/** Bundles the program that stands between a terminal and what builds write; in the package it is what jsii compiles. */
export async function bundleRelay(): Promise<void> {
  await build({
    entryPoints: [join(ROOT, 'src', 'util', 'process', 'relay.ts')],
    outfile: join(ROOT, 'lib', 'util', 'process', 'relay.js'),
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
}
