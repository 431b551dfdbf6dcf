import { Binary } from './binaries';
import { BuildOptions } from '../options/options';

/** The arguments of cargo that build binaries, each into a folder of its name in `lambdaDir`. */
export function cargoArguments(options: BuildOptions, binaries: Binary[], lambdaDir: string): string[] {
  const packages = [...new Set(binaries.map((binary) => binary.package.name))];
  return [
    'lambda', 'build',
    ...packages.flatMap((name) => ['--package', name]),
    ...binaries.flatMap((binary) => ['--bin', binary.name]),
    ...options.profile === 'release' ? ['--release'] : ['--profile', options.profile],
    '--target', options.target,
    '--lambda-dir', lambdaDir,
    ...options.compiler === undefined ? [] : ['--compiler', options.compiler],
    ...options.features.length === 0 ? [] : ['--features', options.features.join(',')],
    ...options.allFeatures ? ['--all-features'] : [],
    ...options.noDefaultFeatures ? ['--no-default-features'] : [],
    ...options.locked ? ['--locked'] : [],
    ...options.targetCpu === undefined ? [] : ['--config', targetCpu(options)],
    ...options.flags,
    // Looked for before.
    '--skip-target-check',
    '--message-format', 'json-render-diagnostics',
  ];
}

/** Flags of the target win over cargo-lambda's own choice of a CPU, which it puts into the flags of the build. */
function targetCpu(options: BuildOptions): string {
  const triple = options.target.split('.')[0];
  return `target.${triple}.rustflags=["-C","target-cpu=${options.targetCpu}"]`;
}
