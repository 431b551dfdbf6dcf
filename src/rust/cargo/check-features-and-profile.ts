import { dirname, join } from 'node:path';
import { Binary } from './binaries';
import { configPaths, readToml } from './config-files';
import { UserError } from '../../util/user-error';
import { BuildOptions } from '../options/options';

const BUILT_IN_PROFILES = ['bench', 'dev', 'release', 'test'];

/** @throws UserError for a feature or a profile that the workspace does not have, before cargo starts */
export function checkFeaturesAndProfile(
  options: BuildOptions, binaries: Binary[], workspaceRoot: string, env: NodeJS.ProcessEnv,
): void {
  checkProfile(options, workspaceRoot, env);
  for (const feature of options.features) {
    // Cargo checks "dependency/feature" and "package/feature".
    const isPlain = !feature.includes('/') && !feature.startsWith('dep:');
    if (isPlain && binaries.every((binary) => !binary.package.features.includes(feature))) {
      const known = [...new Set(binaries.flatMap((binary) => binary.package.features))].sort();
      throw new UserError(`bundling.features: the package "${binaries[0].package.name}" has no feature "${feature}": `
        + (known.length > 0 ? `it has ${known.map((name) => `"${name}"`).join(', ')}` : 'it has none'));
    }
  }
}

function checkProfile(options: BuildOptions, workspaceRoot: string, env: NodeJS.ProcessEnv): void {
  const files = [join(workspaceRoot, 'Cargo.toml'), ...configPaths(dirname(options.manifestPath), env)];
  const known = new Set([...BUILT_IN_PROFILES, ...files.flatMap((file) => Object.keys((readToml(file).profile ?? {}) as object))]);
  const variable = `CARGO_PROFILE_${options.profile.toUpperCase().replace(/-/g, '_')}_`;
  const isConfigured = options.flags.some((flag) => flag.includes(`profile.${options.profile}`))
    || Object.keys(env).some((name) => name.startsWith(variable));
  if (!known.has(options.profile) && !isConfigured) {
    throw new UserError(`bundling.profile: the workspace has no profile "${options.profile}": it has ${
      [...known].sort().map((name) => `"${name}"`).join(', ')}; add [profile.${options.profile}] to ${files[0]}`);
  }
}
