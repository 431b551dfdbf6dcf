import type { TomlTable } from 'smol-toml' with { 'resolution-mode': 'import' };

/** The package declares its types for ES modules only, but has CommonJS too. */
type SmolToml = typeof import('smol-toml', { with: { 'resolution-mode': 'import' } });

/** Loaded on first use: an app with nothing to build reads no TOML. */
function smolToml(): SmolToml {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('smol-toml') as SmolToml;
}

export function parse(text: string): TomlTable {
  return smolToml().parse(text);
}

export function stringify(value: object): string {
  return smolToml().stringify(value);
}

/** Return true for an error that `parse` throws. */
export function isTomlError(error: unknown): error is InstanceType<SmolToml['TomlError']> {
  return error instanceof smolToml().TomlError;
}
