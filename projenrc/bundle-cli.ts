import { build } from 'esbuild';

/** Bundles the command line, with its AWS clients, into the one file that package.json's "bin" names. */
void build({
  entryPoints: ['src/cli/bin.ts'],
  outfile: 'bin/pmcp-deploy.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The ES modules of the AWS clients leave out what is not used of them.
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  legalComments: 'external',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
