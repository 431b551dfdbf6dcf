import { bool, listOf, mapOf, matching, oneOf, table, text } from '../types';

const feature = matching(/^[\p{L}\p{N}_][\p{L}\p{N}_+.\-/?:]*$/u, 'the name of a cargo feature');
const cargoName = matching(/^[\p{L}_][\p{L}\p{N}_-]*$/u, 'a cargo name: letters, digits, hyphens and underscores');
const relativePath = text('a path').refine((path) => !path.includes('\0'), 'must not have a NUL character');
const flag = matching(/^[^\x00\r\n]+$/, 'one argument without line breaks').refine(
  (argument) => !/[`;|<>&]|\$[({]/.test(argument), 'has characters of a shell command, but no shell runs it; give one argument of cargo',
);

export const build = table({
  package: cargoName.optional().meta({
    description: 'Package in the workspace that has the server. Required if several packages have a binary of that name.',
    examples: ['hello-server'],
  }),
  binary: cargoName.optional().meta({
    description: 'Binary to deploy. Required if there are several.',
    examples: ['hello'],
  }),
  manifest_path: relativePath.default('Cargo.toml').meta({
    description: 'Path of the Cargo.toml of the package or workspace, relative to the server\'s root folder.',
    examples: ['Cargo.toml'],
  }),
  features: listOf(feature, 'cargo features').default([]).meta({
    description: 'Cargo features to enable.',
    examples: [['postgres']],
  }),
  no_default_features: bool().default(false).meta({
    description: 'If true, the default features are disabled.',
  }),
  profile: cargoName.default('release').meta({
    description: 'Cargo profile.',
    examples: ['release'],
  }),
  locked: bool().default(false).meta({
    description: 'If true, the build fails if Cargo.lock is not up to date.',
  }),
  compiler: oneOf(['cargo-zigbuild', 'cargo', 'cross']).default('cargo-zigbuild').meta({
    description: 'Compiler: "cargo-zigbuild" (zig as the linker), "cargo" or "cross".',
    examples: ['cargo-zigbuild'],
  }),
  flags: listOf(flag, 'arguments').default([]).meta({
    description: 'Further arguments of "cargo lambda build", one array element each.',
    examples: [['--verbose']],
  }),
  environment: mapOf(
    matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable'), text('a string').min(0), 'strings',
  ).default({}).meta({
    description: 'Environment variables of the build (not of the server).',
    examples: [{ SQLX_OFFLINE: 'true' }],
  }),
}).meta({ description: 'Build of the crate.' });

const glob = text('a glob pattern, relative to base_dir')
  .refine((pattern) => !/^([/\\]|[A-Za-z]:)/.test(pattern), 'must be relative to base_dir')
  .refine((pattern) => !pattern.split(/[/\\]/).includes('..'), 'must not leave base_dir with ".."');

export const assets = table({
  include: listOf(glob, 'glob patterns').default([]).meta({
    description: 'Files to package with the binary, as globs relative to base_dir. The server finds them below $LAMBDA_TASK_ROOT.',
    examples: [['data/**/*.json']],
  }),
  exclude: listOf(glob, 'glob patterns').default(['**/*.tmp', '**/.DS_Store', '**/Thumbs.db']).meta({
    description: 'Files to leave out, as globs relative to base_dir.',
    examples: [['**/*.tmp', '**/.DS_Store', '**/Thumbs.db']],
  }),
  base_dir: relativePath.optional().meta({
    description: 'Folder that the globs start from, relative to the server\'s root folder. Without it, the root folder.',
    examples: ['static'],
  }),
}).meta({ description: 'Files that the server needs at run time.' });

const argument = matching(/^[^\x00\r\n]*$/, 'one argument without line breaks');
const command = listOf(argument, 'arguments, like ["npm", "run", "build"]').min(1)
  .refine(([program]) => program !== '', 'must begin with a program');

export const widgets = listOf(table({
  path: relativePath.meta({
    description: 'Folder of the widget, relative to the server\'s root folder.',
    examples: ['widgets/map'],
  }),
  install: command.optional().meta({
    description: 'Command that installs the widget\'s dependencies, as an array of arguments. Without it, the package manager of the '
      + 'lockfile '
      + 'installs them.',
    examples: [['npm', 'ci']],
  }),
  build: command.optional().meta({
    description: 'Command that builds the widget, as an array of arguments. Without it: "run build" of the lockfile\'s package manager.',
    examples: [['npm', 'run', 'build']],
  }),
  output_dir: relativePath.default('dist').meta({
    description: 'Folder, relative to path, that the build writes.',
    examples: ['dist'],
  }),
  embedded_in_crates: listOf(cargoName, 'crate names').default([]).meta({
    description: 'Crates that embed the output, for example with include_str!. They are compiled again when it changes.',
    examples: [['hello-server']],
  }),
}), 'tables').default([]).meta({ description: 'User interfaces that the server ships, built before the crate, one [[widgets]] for each.' });
