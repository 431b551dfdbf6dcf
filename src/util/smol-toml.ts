// smol-toml comes as CommonJS too, but declares its types for ES modules only.
// eslint-disable-next-line @typescript-eslint/no-require-imports
export const { parse, stringify, TomlError } = require('smol-toml') as typeof import('smol-toml', { with: { 'resolution-mode': 'import' } });
