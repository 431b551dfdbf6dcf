import { serverEnvironment } from '../../../src/cli/dev/environment';
import { load, MINIMAL } from '../../config/deploy-toml';

const environmentOf = (toml: string, env: NodeJS.ProcessEnv = {}) => serverEnvironment(load(toml).deployment, env);

test('security M10: a server on this machine is told that it is public, since nobody can sign in to it', () => {
  expect(environmentOf(MINIMAL)).toMatchObject({ MCP_AUTH_MODE: 'none', MCP_PATH: '/mcp' });
  expect(environmentOf(`${MINIMAL}[auth]\nenabled = true\nprovider = "iam"\n`).MCP_AUTH_MODE).toBe('none');
});

test('security M10: it can be tried as one that is not', () => {
  expect(environmentOf(MINIMAL, { MCP_AUTH_MODE: 'cognito' }).MCP_AUTH_MODE).toBe('cognito');
});

test('the environment of deploy.toml goes over that of the user', () => {
  expect(environmentOf(`${MINIMAL}log_level = "debug"\n[environment]\nCITY = "Bern"\n`, {
    CITY: 'Oslo',
    RUST_LOG: 'warn',
    HOME: '/home/a',
  }))
    .toMatchObject({ CITY: 'Bern', RUST_LOG: 'debug', HOME: '/home/a' });
});
