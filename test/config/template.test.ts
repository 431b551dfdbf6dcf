import { load, warningsOf } from './deploy-toml';
import { renderScaffold } from '../../src/config/template';

const VALUES = { serverName: 'hello', region: 'eu-west-1' };

test('a new file is valid, has the given values and nothing to warn of', () => {
  const text = renderScaffold({ ...VALUES, accountId: '123456789012', binary: 'hello-lambda', package: 'hello-server', manifestPath: 'server/Cargo.toml' });
  const { deployment } = load(text);
  expect(deployment.aws).toEqual({ region: 'eu-west-1', account_id: '123456789012' });
  expect(deployment.server).toMatchObject({ name: 'hello', memory_mb: 512, timeout_seconds: 29, mcp_path: '/mcp' });
  expect(deployment.build).toMatchObject({ binary: 'hello-lambda', package: 'hello-server', manifest_path: 'server/Cargo.toml' });
  expect(warningsOf(text)).toEqual([]);
});

test('every example in it is valid', () => {
  const everything = renderScaffold({ ...VALUES, region: 'us-east-1' }).replace(/^#(?=\S)/gm, '').replace(/^\[\[servers\]\][^]*?(?=# Stages)/m, '');
  const file = load(everything);
  expect(file.stages).toEqual(['default', 'prod']);
  expect(file.deployment.iam.tables).toHaveLength(1);
  expect(file.deployment.auth?.cognito?.mfa).toBe('required');
  expect(Object.keys(file.deployment.secrets)).toEqual(['WEATHER_API_KEY']);
});

test('its example of several servers is valid', () => {
  const text = renderScaffold(VALUES);
  const servers = text.slice(text.indexOf('#[[servers]]'), text.indexOf('# Stages')).replace(/^#/gm, '');
  expect(load(text + servers).servers.map(({ server }) => server.name)).toEqual(['weather', 'maps']);
});

test('values with quotes, backslashes and line breaks stay values', () => {
  const manifestPath = 'a "b"\\c\n[aws]/Cargo.toml';
  expect(load(renderScaffold({ ...VALUES, manifestPath })).deployment.build.manifest_path).toBe(manifestPath);
});

test('the line for editors comes first', () => {
  expect(renderScaffold({ ...VALUES, schema: '../schema.json' }).split('\n')[0]).toBe('#:schema ../schema.json');
  expect(renderScaffold(VALUES)).not.toContain('#:schema');
});

test('security L14: the example of a secret is delivered as wanted, and stays an example', () => {
  expect(renderScaffold({ ...VALUES, secretDelivery: 'arn' })).toMatch(/^#\[secrets\.WEATHER_API_KEY\]$[^]*^#delivery = "arn"$/m);
  expect(renderScaffold(VALUES)).toMatch(/^#delivery = "environment"$/m);
});

test('each key has a comment', () => {
  const lines = renderScaffold(VALUES).split('\n');
  const keys = lines.filter((line, index) => /^#?[a-z_]+ = /.test(line) && index < lines.indexOf('#[[servers]]'));
  const bare = keys.filter((line) => !/^#( .+)?$/.test(lines[lines.indexOf(line) - 1]) && !line.startsWith('RUST_LOG'));
  expect(bare).toEqual(['#team = "platform"']);
});
