import { readFileSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { RustFunction, RustFunctionProps } from '../../../src/rust';
import { PASS_ON, withheldNames, withoutCredentials } from '../../../src/util/process/build-environment';
import { FakeTools } from '../../rust/fake-tools';

const DROPPED = [
  'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_BEARER_TOKEN_BEDROCK', 'AWS_NEW_AND_UNKNOWN',
  'PMCP_DEPLOY_TOKEN', 'CARGO_REGISTRY_TOKEN', 'CARGO_REGISTRY_SECRET_KEY', 'NPM_TOKEN', 'NODE_AUTH_TOKEN', 'GITHUB_TOKEN', 'GITHUB_PAT',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL', 'AZURE_CLIENT_SECRET', 'PGPASSWORD', 'GPG_PASSPHRASE', 'GOOGLE_APPLICATION_CREDENTIALS',
  'DOCKER_AUTH_CONFIG', 'CI_JOB_JWT',
  'OPENAI_API_KEY', 'npm_config__auth', 'npm_config_//registry.example/:_authToken', 'SSH_PRIVATE_KEY', 'my_token',
];

const KEPT = [
  'PATH', 'HOME', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_CA_BUNDLE', 'AWS_LC_SYS_CMAKE_BUILDER', 'AWS_SDK_UA_APP_ID',
  'CARGO_REGISTRIES_MINE_TOKEN',
  'CARGO_HOME', 'CARGO_NET_GIT_FETCH_WITH_CLI',
  'CARGO_REGISTRY_GLOBAL_CREDENTIAL_PROVIDERS', 'RUSTFLAGS', 'RUSTC_WRAPPER', 'SCCACHE_BUCKET', 'SCCACHE_REDIS_PASSWORD', 'SSH_AUTH_SOCK',
  'DATABASE_URL', 'HTTPS_PROXY',
  'TOKENIZERS_PARALLELISM', 'VITE_API_KEY', 'GIT_CONFIG_KEY_0', 'AUTHOR', 'MONKEY', 'PATH_PATTERN',
];

const environment = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'x']));

test('security L4: builds get no credentials, and all else', () => {
  expect(withheldNames(environment([...DROPPED, ...KEPT]))).toEqual([...DROPPED].sort());
  expect(withoutCredentials(environment([...DROPPED, ...KEPT]))).toEqual(environment(KEPT));
});

test('security L4: what the user passes on is passed on, by its whole name', () => {
  const secrets = environment(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN']);
  const env = { ...secrets, [PASS_ON]: 'GITHUB_TOKEN, AWS_ACCESS_KEY_ID' };
  expect(withheldNames(env)).toEqual(['AWS_SECRET_ACCESS_KEY']);
});

describe('security L4: in a build', () => {
  let tools: FakeTools;
  beforeEach(() => {
    tools = new FakeTools();
    tools.addToolchain();
    for (const name of ['cargo', 'rustc', 'python3']) {
      const path = tools.path(`bin/${name}`);
      tools.add(name, `env >> "${tools.path(`${name}.env`)}"\n${readFileSync(path, 'utf-8')}`);
    }
    Object.assign(process.env, environment([...DROPPED, 'CARGO_REGISTRIES_MINE_TOKEN'].filter((name) => /^\w+$/.test(name))));
  });
  afterEach(() => tools.restore());

  const synth = (props: RustFunctionProps) => {
    const stack = new Stack(new App(), 'Stack');
    new RustFunction(stack, 'Function', props);
    return JSON.stringify(stack.node.findAll().flatMap((child) => child.node.metadata));
  };
  const seen = (name: string) => new Set(readFileSync(tools.path(name), 'utf-8').split('\n').map((line) => line.split('=')[0]));

  test('cargo, rustc and zig run without credentials', () => {
    synth({ manifestPath: tools.crate('hello') });
    for (const name of ['cargo.env', 'rustc.env', 'python3.env']) {
      const names = seen(name);
      expect(names).toContain('CARGO_REGISTRIES_MINE_TOKEN');
      expect(DROPPED.filter((dropped) => names.has(dropped))).toEqual([]);
    }
  });

  test('hooks run without credentials too, and with what bundling.environment gives', () => {
    const commandHooks = { beforeBundling: () => [`env > "${tools.path('hook.env')}"`], afterBundling: () => [] };
    synth({ manifestPath: tools.crate('hello'), bundling: { commandHooks, environment: { GITHUB_TOKEN: 'mine' } } });
    expect(DROPPED.filter((dropped) => seen('hook.env').has(dropped))).toEqual(['GITHUB_TOKEN']);
    expect(seen('cargo.env')).toContain('GITHUB_TOKEN');
    expect(readFileSync(tools.path('hook.env'), 'utf-8')).toContain('GITHUB_TOKEN=mine\n');
  });

  test('credentials that come and go build nothing again', () => {
    const manifestPath = tools.crate('hello');
    synth({ manifestPath });
    tools.clear();
    DROPPED.forEach((name) => delete process.env[name]);
    synth({ manifestPath });
    expect(tools.calls()).toEqual([]);
  });

  test('a program that does not get the options of our own Node.js, and gets its own', () => {
    process.env.NODE_OPTIONS = '--require /no/such/file';
    synth({ manifestPath: tools.crate('hello') });
    expect(readFileSync(tools.path('cargo.env'), 'utf-8')).toContain('NODE_OPTIONS=--require /no/such/file\n');
    expect(seen('cargo.env')).not.toContain('PMCP_DEPLOY_RELAYED_NODE_OPTIONS');
  });
});
