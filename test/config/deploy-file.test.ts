import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorOf, load, MINIMAL, serverFolder, warningsOf } from './deploy-toml';
import { ConfigError, loadDeployFile } from '../../src/config/load/deploy-file';

describe('a valid file', () => {
  test('has its defaults filled in', () => {
    const file = load(MINIMAL);
    expect(file).toMatchObject({
      serverName: 'hello', stage: 'default', stages: ['default'], stackName: 'hello', region: 'us-east-1', account: undefined, warnings: [],
    });
    expect(file.servers).toHaveLength(1);
    expect(file.servers[0]).toMatchObject({
      server: { name: 'hello', memory_mb: 512, timeout_seconds: 29, mcp_path: '/mcp', architecture: 'arm64' },
      environment: {},
      build: { manifest_path: 'Cargo.toml', features: [], no_default_features: false, profile: 'release' },
      observability: { log_retention_days: 30, enable_xray: true },
      api_gateway: {},
    });
  });

  test('may have Windows line ends and a byte order mark', () => {
    expect(load(`\uFEFF${MINIMAL.replaceAll('\n', '\r\n')}`).serverName).toBe('hello');
  });

  test('in .pmcp has the folder above as its root; elsewhere its own', () => {
    const root = serverFolder(MINIMAL, { 'other.toml': MINIMAL });
    expect(loadDeployFile(join(root, '.pmcp', 'deploy.toml')).root).toBe(root);
    expect(loadDeployFile(join(root, 'other.toml')).root).toBe(root);
  });

  test('as the other tool scaffolds it is accepted, and what is not honoured is said', () => {
    const toml = readFileSync(join(__dirname, 'fixtures', 'cargo-pmcp-init.toml'), 'utf-8');
    expect(load(toml).serverName).toBe('hello');
    expect(warningsOf(toml)).toMatchSnapshot();
  });
});

describe('a file that cannot be used', () => {
  test('is missing', () => {
    const path = join(serverFolder(MINIMAL), 'elsewhere', 'deploy.toml');
    expect(() => loadDeployFile(path)).toThrow(new ConfigError(
      `no deploy.toml found at ${path}; create it with "npx pmcp-deploy init", in the folder of the server`,
    ));
  });

  test('is a folder', () => {
    const path = join(serverFolder(MINIMAL), 'folder');
    mkdirSync(path);
    expect(() => loadDeployFile(path)).toThrow(new ConfigError(`${path} is a folder; use the path of the deploy.toml in it`));
  });

  test('is not UTF-8', () => {
    expect(errorOf(Buffer.from([0x61, 0x3d, 0x22, 0xff, 0x22]))).toBe('FILE is not UTF-8, which TOML requires; save it with that encoding');
  });

  test('is not TOML', () => {
    expect(errorOf('[server]\nname = \n')).toBe([
      'FILE:2:8: this is not TOML: invalid value',
      '  2 | name =',
      '    |        ^',
    ].join('\n'));
  });

  test('has control characters, which do not reach the terminal', () => {
    expect(errorOf('a = "\u001b[31m"\n')).not.toContain('\u001b');
  });

  test('has no tables at all', () => {
    expect(errorOf('')).toBe([
      'FILE:1:1: table [aws] is missing',
      '  1 |',
      '    | ^',
      'FILE:1:1: table [server] is missing',
      '  1 |',
      '    | ^',
    ].join('\n'));
  });
});

test('all problems are reported at once, in the order of the file, each with its place, line, value and remedy', () => {
  expect(errorOf([
    '[aws]',
    'region = "Virginia"',
    'account_id = 123456789012',
    '[server]',
    'memory_mb = "64"',
    'memry = 3',
    'timeout_seconds = 901',
    'mcp_path = "mcp/"',
    '[enviroment]',
    'A = "1"',
    '[environment]',
    'AWS_REGION = "x"',
    '"a-b" = "y"',
    '[observability]',
    'log_retention_days = 31',
  ].join('\n'))).toMatchSnapshot();
});
