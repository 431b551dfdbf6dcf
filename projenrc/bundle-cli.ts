import { build } from 'esbuild';

/** Bundles src/cli/main.ts, with its AWS clients, into the one file that package.json's "bin" names. */
void build({
  entryPoints: ['src/cli/main.ts'],
  outfile: 'bin/pmcp-deploy.js',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  keepNames: true,
  legalComments: 'external',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
