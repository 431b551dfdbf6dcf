import { Binary } from './binaries';
import { MESSAGE_FORMAT } from './build-messages';
import { BuildOptions } from '../options/options';

/** Return the arguments of cargo that build each binary into the folder of its name in `lambdaDir`. */
export function cargoLambdaArguments(options: BuildOptions, binaries: Binary[], lambdaDir: string): string[] {
  const packages = [...new Set(binaries.map((binary) => binary.package.name))];
  return [
    'lambda', 'build',
    ...packages.flatMap((name) => ['--package', name]),
    ...binaries.flatMap((binary) => ['--bin', binary.name]),
    ...options.profile === 'release' ? ['--release'] : ['--profile', options.profile],
    '--target', options.target,
    '--lambda-dir', lambdaDir,
    ...options.compiler === undefined ? [] : ['--compiler', options.compiler],
    ...featureArguments(options),
    ...options.locked ? ['--locked'] : [],
    ...options.targetCpu === undefined ? [] : ['--config', targetCpuConfig(options)],
    ...options.flags,
    // `checkTarget` has checked it.
    '--skip-target-check',
    ...MESSAGE_FORMAT,
  ];
}

/** Return the arguments of cargo that choose features. */
export function featureArguments(
  { features, allFeatures, noDefaultFeatures }: Pick<BuildOptions, 'features' | 'noDefaultFeatures'> & { readonly allFeatures?: boolean },
): string[] {
  return [
    ...features.length === 0 ? [] : ['--features', features.join(',')],
    ...allFeatures ? ['--all-features'] : [],
    ...noDefaultFeatures ? ['--no-default-features'] : [],
  ];
}

/** Flags of a target take precedence over flags of the build, with which cargo-lambda sets its own choice of a CPU. */
function targetCpuConfig(options: BuildOptions): string {
  const triple = options.target.split('.')[0];
  return `target.${triple}.rustflags=["-C","target-cpu=${options.targetCpu}"]`;
}
