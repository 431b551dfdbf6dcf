import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { loadDeployFile } from '../../../src/config/load/deploy-file';
import { commandsOf } from '../../../src/config/widgets/package-manager';
import { buildWidgets, widgetOutputs } from '../../../src/config/widgets/widgets';
import { UserError } from '../../../src/util/user-error';
import { MINIMAL, serverFolder } from '../deploy-toml';

const SCRIPT = "require('fs').mkdirSync('dist', { recursive: true }); require('fs').appendFileSync('dist/out.txt', process.argv.slice(2).join('|') + '\\n');";
const WIDGET = '[[widgets]]\npath = "ui"\nbuild = ["node", "make.js", "a b", "$(x)", "; y"]\n';

function server(toml: string, files: Record<string, string> = {}) {
  const root = serverFolder(MINIMAL + toml, { 'ui/make.js': SCRIPT, ...files });
  const deployment = () => loadDeployFile(join(root, '.pmcp', 'deploy.toml')).servers[0];
  const build = (context: Record<string, unknown> = {}) => buildWidgets(new Stack(new App({ context }), 'Stack'), deployment(), root);
  return { root, deployment, build, output: join(root, 'ui', 'dist', 'out.txt') };
}

const cache = process.env.PMCP_DEPLOY_CACHE;
beforeAll(() => { process.env.PMCP_DEPLOY_CACHE = serverFolder(''); });
afterAll(() => {
  if (cache === undefined) delete process.env.PMCP_DEPLOY_CACHE;
  else process.env.PMCP_DEPLOY_CACHE = cache;
});

test('a widget is built with the arguments as they are, by no shell', () => {
  const { build, output } = server(WIDGET);
  build();
  expect(readFileSync(output, 'utf-8')).toBe('a b|$(x)|; y\n');
});

test('a widget is built again when its sources or its output changed, and only then', () => {
  const { root, build, output } = server(WIDGET);
  const builds = () => readFileSync(output, 'utf-8').split('\n').length - 1;
  build();
  build();
  expect(builds()).toBe(1);
  writeFileSync(join(root, 'ui', 'page.html'), '<p>');
  build();
  expect(builds()).toBe(2);
  rmSync(join(root, 'ui', 'dist'), { recursive: true });
  build();
  expect(builds()).toBe(1);
});

test('nothing is built for a stack that is only listed', () => {
  const { build, output } = server(WIDGET);
  build({ 'aws:cdk:bundling-stacks': [] });
  expect(existsSync(output)).toBe(false);
});

test('a crate that embeds a widget is compiled again when the widget changed', () => {
  const { root, build } = server(`${WIDGET}embedded_in_crates = ["hello"]\n`, {
    'Cargo.toml': '[package]\nname = "hello"\nversion = "1.0.0"\nedition = "2021"\n', 'src/main.rs': 'fn main() {}\n',
  });
  const main = join(root, 'src', 'main.rs');
  utimesSync(main, 1, 1);
  build();
  expect(statSync(main).mtimeMs).toBeGreaterThan(1000);
  utimesSync(main, 1, 1);
  build();
  expect(statSync(main).mtimeMs).toBe(1000);
});

test('the output is an input of the crate', () => {
  const { root, deployment } = server(`${WIDGET}[build]\nmanifest_path = "server/Cargo.toml"\n[[widgets]]\npath = "server/ui"\noutput_dir = "out"\n`);
  expect(widgetOutputs(deployment(), root)).toEqual(['ui/out/**']);
});

test.each([
  ['package-lock.json', {}, [['npm', 'ci'], ['npm', 'run', 'build']]],
  ['pnpm-lock.yaml', {}, [['pnpm', 'install', '--frozen-lockfile'], ['pnpm', 'run', 'build']]],
  ['yarn.lock', {}, [['yarn', 'install', '--frozen-lockfile'], ['yarn', 'run', 'build']]],
  ['yarn.lock', { 'ui/.yarnrc.yml': '' }, [['yarn', 'install', '--immutable'], ['yarn', 'run', 'build']]],
  ['bun.lock', {}, [['bun', 'install', '--frozen-lockfile'], ['bun', 'run', 'build']]],
  ['none', {}, [['npm', 'install'], ['npm', 'run', 'build']]],
])('the lockfile %s chooses the package manager', (lockfile, files, commands) => {
  const { root, deployment } = server('[[widgets]]\npath = "ui"\n', { 'ui/package.json': '{}', [`ui/${lockfile}`]: '', ...files });
  expect(commandsOf(deployment().widgets[0], join(root, 'ui'), root)).toEqual(commands);
});

test('the lockfile of the root counts too', () => {
  const { root, deployment } = server('[[widgets]]\npath = "ui"\n', { 'ui/package.json': '{}', 'pnpm-lock.yaml': '' });
  expect(commandsOf(deployment().widgets[0], join(root, 'ui'), root)[0][0]).toBe('pnpm');
});

describe('each key takes effect', () => {
  const NODE = (text: string) => `["node", "-e", "${text}"]`;
  const MAKE = "require('fs').mkdirSync('dist', { recursive: true })";
  const keys: Readonly<Record<string, () => void>> = {
    'widgets.path': () => {
      const { root, build } = server('[[widgets]]\npath = "other"\nbuild = ["node", "make.js"]\n', { 'other/make.js': SCRIPT });
      build();
      expect(existsSync(join(root, 'other', 'dist', 'out.txt'))).toBe(true);
    },
    'widgets.install': () => {
      const { root, build } = server(`[[widgets]]\npath = "ui"\ninstall = ${NODE(`${MAKE};require('fs').writeFileSync('installed', '')`)}\nbuild = ["node", "make.js"]\n`);
      build();
      expect(existsSync(join(root, 'ui', 'installed'))).toBe(true);
    },
    'widgets.build': () => {
      const { build, output } = server('[[widgets]]\npath = "ui"\nbuild = ["node", "make.js", "mine"]\n');
      build();
      expect(readFileSync(output, 'utf-8')).toBe('mine\n');
    },
    'widgets.output_dir': () => {
      const { build, deployment, root } = server(`[[widgets]]\npath = "ui"\noutput_dir = "out"\nbuild = ${NODE("require('fs').mkdirSync('out')")}\n`);
      build();
      expect(widgetOutputs(deployment(), root)).toEqual(['ui/out/**']);
    },
    'widgets.embedded_in_crates': () => {
      const { root, build } = server(`${WIDGET}embedded_in_crates = ["hello"]\n`, {
        'Cargo.toml': '[package]\nname = "hello"\nversion = "1.0.0"\nedition = "2021"\n', 'src/lib.rs': '', 'src/main.rs': 'fn main() {}\n',
      });
      utimesSync(join(root, 'src', 'lib.rs'), 1, 1);
      build();
      expect(statSync(join(root, 'src', 'lib.rs')).mtimeMs).toBeGreaterThan(1000);
    },
  };
  test.each(Object.entries(keys))('%s', (_, check) => check());
});

describe('what cannot be built is said', () => {
  test.each([
    ['a folder that is not there', '[[widgets]]\npath = "gone"\n', 'widget gone: folder ROOT/gone does not exist; correct "path" in [[widgets]]'],
    ['nothing that says how', '[[widgets]]\npath = "ui"\n',
      'widget ui: there is no package.json in ROOT/ui; set "build" in [[widgets]] to the command that builds it'],
    ['a program that is not there', '[[widgets]]\npath = "ui"\nbuild = ["no-such-program"]\n',
      'widget ui: "no-such-program" was not found in PATH; install it, or set "install" and "build" in [[widgets]] to commands that exist'],
    ['a command that fails', '[[widgets]]\npath = "ui"\nbuild = ["node", "-e", "process.exit(3)"]\n', 'widget ui: "node -e process.exit(3)" exited with status 3 in ROOT/ui'],
    ['no output', '[[widgets]]\npath = "ui"\nbuild = ["node", "-e", ""]\n',
      'widget ui: its build did not create the folder dist; set "output_dir" in [[widgets]] to the folder that it writes'],
    ['an unknown crate', `${WIDGET}embedded_in_crates = ["helo"]\n`, 'embedded_in_crates in [[widgets]] has "helo", which is not a package of ROOT/Cargo.toml; its packages are hello'],
  ])('%s', (_, toml, message) => {
    const { root, build } = server(toml, {
      'Cargo.toml': '[package]\nname = "hello"\nversion = "1.0.0"\nedition = "2021"\n', 'src/main.rs': 'fn main() {}\n',
    });
    expect(build).toThrow(new UserError(message.replaceAll('ROOT', root)));
  });
});

describe('security L4: the scripts of a widget', () => {
  const DUMP = (file: string) => JSON.stringify([
    'node', '-e',
    `require('fs').mkdirSync('dist', { recursive: true }); require('fs').writeFileSync('${file}', JSON.stringify(process.env))`,
  ]);
  const SECRETS = {
    AWS_SECRET_ACCESS_KEY: 'a', AWS_PROFILE: 'b', PMCP_DEPLOY_TOKEN: 'c', NPM_TOKEN: 'd', MY_NPM_SECRET: 'e', OTHER_TOKEN: 'f',
  };
  const before = { ...process.env };
  // The settings of whoever runs this are left out.
  beforeEach(() => Object.assign(process.env, SECRETS, { HOME: serverFolder('') }));
  afterEach(() => {
    for (const name of Object.keys(SECRETS)) delete process.env[name];
    Object.assign(process.env, before);
  });

  function environments(files: Record<string, string> = {}) {
    const { root, build } = server(`[[widgets]]\npath = "ui"\ninstall = ${DUMP('install.json')}\nbuild = ${DUMP('build.json')}\n`, files);
    build();
    const secrets = (file: string) => {
      const env = JSON.parse(readFileSync(join(root, 'ui', file), 'utf-8'));
      return Object.fromEntries(Object.keys(SECRETS).filter((name) => env[name] !== undefined).map((name) => [name, env[name]]));
    };
    return { install: secrets('install.json'), build: secrets('build.json') };
  }

  test('get no credentials; the installation of packages gets those of registries', () => {
    expect(environments()).toEqual({ install: { NPM_TOKEN: 'd' }, build: {} });
  });

  test('get empty what the settings of a package manager name; the installation gets it, unless it is of AWS', () => {
    expect(environments({
      '.npmrc': '//registry.example/:_authToken=${MY_NPM_SECRET}\n',
      'ui/.yarnrc.yml': 'npmAuthToken: "${NPM_TOKEN}"\nx: $AWS_SECRET_ACCESS_KEY\n',
    })).toEqual({
      install: { NPM_TOKEN: 'd', MY_NPM_SECRET: 'e' }, build: { NPM_TOKEN: '', MY_NPM_SECRET: '', AWS_SECRET_ACCESS_KEY: '' },
    });
  });

  test('get what the user passes on', () => {
    process.env.PMCP_DEPLOY_PASS_ENV = 'AWS_PROFILE,OTHER_TOKEN';
    expect(environments().build).toEqual({ AWS_PROFILE: 'b', OTHER_TOKEN: 'f' });
    delete process.env.PMCP_DEPLOY_PASS_ENV;
  });
});
