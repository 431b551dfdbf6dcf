import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'projen';
import { crate, create, enter, has, json, leave, read, synth, write } from './support';
import { createProgram } from '../../src/cli/program';
import { loadDeployFile } from '../../src/config/load/deploy-file';
import { PmcpDeployProject } from '../../src/scaffold';

afterEach(leave);

/** Every file of a folder with its text and the time of its last change. */
function files(folder: string): Record<string, string> {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(all.map(({ parentPath, name }) => [join(parentPath, name), read(parentPath, name)]));
}

describe('in an empty folder', () => {
  test('writes the CDK app, the sample server and deploy.toml', () => {
    const folder = enter();
    create();
    expect(Object.keys(files(folder)).map((path) => path.slice(folder.length + 1)).sort()).toEqual([
      '.gitattributes', '.gitignore', '.pmcp/deploy.toml', '.projen/deps.json', '.projen/files.json', '.projen/tasks.json', '.projenrc.ts', 'Cargo.lock',
      'Cargo.toml', 'README.md', 'bin/app.ts', 'cdk.json', 'lib/stack.ts', 'package.json', 'rustfmt.toml', 'src/caller.rs', 'src/main.rs',
      'src/metrics.rs', 'src/origins.rs', 'src/secrets.rs', 'src/server.rs', 'src/tools.rs', 'tsconfig.json',
    ]);
  });

  test('names the server after the folder, everywhere', () => {
    const folder = enter({}, '7 My server!');
    create();
    expect(json(folder, 'package.json').name).toBe('My-server');
    expect(read(folder, 'Cargo.toml')).toContain('name = "My-server"');
    expect(read(folder, 'README.md')).toMatch(/^# My-server\n/);
    expect(loadDeployFile(join(folder, '.pmcp/deploy.toml'))).toMatchObject({ path: join(folder, '.pmcp/deploy.toml') });
    expect(read(folder, '.pmcp/deploy.toml')).toContain('name = "My-server"');
    // security L14: the sample server reads secrets by their ARN; a server that was there before may not.
    expect(read(folder, '.pmcp/deploy.toml')).toContain('#delivery = "arn"');
  });

  test('ignores what is built', () => {
    const folder = enter();
    create();
    expect(read(folder, '.gitignore').split('\n')).toEqual(expect.arrayContaining(['node_modules/', '/cdk.out/', '/target/']));
  });

  test('keeps the choices in .projenrc.ts', () => {
    const folder = enter();
    create({ region: 'eu-west-1', devDeps: ['./pmcp-deploy-1.2.3.tgz'] });
    expect(read(folder, '.projenrc.ts')).toBe([
      "import { scaffold } from 'pmcp-deploy';",
      '',
      '// `npx projen` generates package.json, tsconfig.json and others from this file. deploy.toml, bin and lib are yours.',
      'const project = new scaffold.PmcpDeployProject({',
      "  serverName: 'weather',",
      "  region: 'eu-west-1',",
      "  serverRoot: '.',",
      "  devDeps: ['pmcp-deploy@file:pmcp-deploy-1.2.3.tgz'],",
      '});',
      '',
      'project.synth();',
      '',
    ].join('\n'));
  });

  test('changes nothing when it runs again, although there is a Cargo.toml now', () => {
    const folder = enter();
    create();
    const before = files(folder);
    synth({ serverName: 'weather', serverRoot: '.' });
    expect(files(folder)).toEqual(before);
  });
});

describe('beside a Rust project', () => {
  const own = { ...crate('forecast'), '.gitignore': '/target\n', 'README.md': '# Forecast\n' };

  test('writes deploy.toml to the root and the CDK app to a folder of its own', () => {
    const root = enter(own);
    const project = create({ outdir: 'deploy' });
    expect(project.serverRoot).toBe('..');
    expect(readdirSync(root).sort()).toEqual(['.gitignore', '.pmcp', 'Cargo.toml', 'README.md', 'deploy', 'src']);
    for (const [path, text] of Object.entries(own)) expect(read(root, path)).toBe(text);
    for (const path of ['package.json', 'tsconfig.json', 'cdk.json', 'bin/app.ts', 'lib/stack.ts', '.gitignore']) expect(has(root, 'deploy', path)).toBe(true);
    expect(has(root, 'deploy/Cargo.toml')).toBe(false);
    expect(json(root, 'deploy/package.json').name).toBe('forecast-deploy');
    expect(read(root, 'deploy/bin/app.ts')).toContain("join(__dirname, '../..', '.pmcp', 'deploy.toml')");
    expect(read(root, '.pmcp/deploy.toml')).toContain('name = "forecast"');
    expect(read(root, '.pmcp/deploy.toml')).toContain('#delivery = "environment"');
  });

  test('ignores what is built in the folder of the app', () => {
    const root = enter(own);
    create({ outdir: 'deploy' });
    expect(read(root, 'deploy', '.gitignore').split('\n')).toEqual(expect.arrayContaining(['node_modules/', '/cdk.out/']));
  });

  test.each([
    ['a single crate', crate('alone'), 'alone'],
    ['a virtual workspace', { 'Cargo.toml': '[workspace]\nmembers = ["one"]\nresolver = "2"\n', ...crate('one', 'one') }, 'one'],
  ])('%s gets a deploy.toml with its name', (_, project, name) => {
    const root = enter(project);
    create({ outdir: 'deploy' });
    expect(loadDeployFile(join(root, '.pmcp', 'deploy.toml')).serverName).toBe(name);
  });

  test('takes a folder of its own without being told', () => {
    const root = enter(own);
    expect(create().outdir).toBe(join(root, 'deploy'));
  });

  test('changes nothing when it runs again', () => {
    const root = enter(own);
    create();
    process.chdir('deploy');
    const before = files(root);
    synth({ serverName: 'forecast', serverRoot: '..' });
    expect(files(root)).toEqual(before);
  });

  test('never overwrites what is the user\'s', () => {
    const mine = { '.pmcp/deploy.toml': '[aws]\n', 'deploy/bin/app.ts': '// mine\n', 'deploy/lib/stack.ts': '// mine\n', 'deploy/README.md': 'mine\n' };
    const root = enter({ ...own, ...mine });
    create();
    process.chdir('deploy');
    synth({ serverName: 'other', serverRoot: '..', region: 'eu-west-1' });
    for (const [path, text] of Object.entries(mine)) expect(read(root, path)).toBe(text);
  });

  test('refuses a folder with another CDK app in it', () => {
    const root = enter({ ...own, 'deploy/cdk.json': '{}' });
    expect(() => create()).toThrow(
      `${root}/deploy/cdk.json already exists and would be overwritten: move ${root}/deploy away, or choose another folder with --outdir`,
    );
    expect(has(root, '.pmcp')).toBe(false);
  });

  test('finds a server elsewhere', () => {
    const root = enter({ 'servers/tides/Cargo.toml': crate('tides')['Cargo.toml'], 'servers/tides/src/main.rs': 'fn main() {}' });
    create({ outdir: 'infra/aws', serverRoot: '../../servers/tides' });
    expect(read(root, 'servers/tides/.pmcp/deploy.toml')).toContain('name = "tides"');
    expect(read(root, 'infra/aws/bin/app.ts')).toContain("join(__dirname, '../../../servers/tides', '.pmcp', 'deploy.toml')");
  });
});

describe('options', () => {
  test('serverName and region go to deploy.toml', () => {
    const folder = enter();
    create({ serverName: 'tides', region: 'ap-southeast-2' });
    const text = read(folder, '.pmcp/deploy.toml');
    expect(text).toContain('name = "tides"');
    expect(text).toContain('region = "ap-southeast-2"');
  });

  test.each([
    [{ serverName: 'no spaces' }, '--server-name must be a name that starts with a letter and has only letters, digits, hyphens and underscores (at most 100), but is "no spaces"'],
    [{ region: 'Ireland' }, '--region must be an AWS region, like "us-east-1", but is "Ireland"'],
  ])('%j is refused', (options, message) => {
    const folder = enter();
    expect(() => create(options)).toThrow(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('devDeps are packages of the app', () => {
    const folder = enter();
    synth({ devDeps: ['cdk-nag@^3'] });
    expect(json(folder, 'package.json').devDependencies).toMatchObject({ 'cdk-nag': '^3', 'pmcp-deploy': '*' });
  });

  test('a folder as the package is copied, not linked', () => {
    const folder = enter({ '../pmcp-deploy/package.json': '{}' });
    create({ devDeps: ['../pmcp-deploy'] });
    expect(json(folder, 'package.json').devDependencies['pmcp-deploy']).toBe('file:../pmcp-deploy');
    expect(read(folder, '.npmrc')).toContain('install-links=true');
  });
});

describe('package.json', () => {
  test('has the commands as scripts, and little else', () => {
    const folder = enter();
    create();
    expect(json(folder, 'package.json').scripts).toEqual({
      'build': 'projen build',
      'deploy': 'pmcp-deploy deploy',
      'destroy': 'pmcp-deploy destroy',
      'diff': 'pmcp-deploy diff',
      'local': 'pmcp-deploy local',
      'outputs': 'pmcp-deploy outputs',
      'projen': 'projen',
      'synth': 'pmcp-deploy synth',
      'bootstrap': 'pmcp-deploy bootstrap',
      'connect': 'pmcp-deploy connect',
      'dev': 'pmcp-deploy dev',
      'doctor': 'pmcp-deploy doctor',
      'login': 'pmcp-deploy login',
      'logout': 'pmcp-deploy logout',
      'logs': 'pmcp-deploy logs',
      'metrics': 'pmcp-deploy metrics',
      'rollback': 'pmcp-deploy rollback',
      'secrets': 'pmcp-deploy secrets',
      'stages': 'pmcp-deploy stages',
      'status': 'pmcp-deploy status',
      'test:server': 'pmcp-deploy test',
      'users': 'pmcp-deploy users',
      'validate': 'pmcp-deploy validate',
    });
  });

  test('has the commands as tasks that pass their arguments on', () => {
    const folder = enter();
    create();
    const { tasks } = json(folder, '.projen/tasks.json');
    // Those that are of no use in an app that is there already have none; "test" is projen's own.
    const commands = createProgram().commands.map((each) => each.name()).filter((name) => !['init', 'completion'].includes(name));
    for (const command of commands) {
      const task = command === 'test' ? 'test:server' : command;
      expect([task, tasks[task]?.steps]).toEqual([task, [{ exec: `pmcp-deploy ${command}`, receiveArgs: true }]]);
    }
    expect(Object.keys(tasks).filter((name) => /cdk|watch|release|eslint|jest|upgrade/.test(name))).toEqual([]);
  });

  test('brings the CDK, its CLI and this package', () => {
    const folder = enter();
    create();
    const { dependencies, devDependencies, private: isPrivate } = json(folder, 'package.json');
    expect(dependencies ?? {}).toEqual({});
    expect(Object.keys(devDependencies).sort()).toEqual(
      ['@types/node', 'aws-cdk', 'aws-cdk-lib', 'constructs', 'pmcp-deploy', 'projen', 'tsx', 'typescript']);
    expect(devDependencies.constructs).toBe('^10.8.1');
    expect(isPrivate).toBe(true);
  });
});

test('cdk.json starts the app without npx and has the recommended feature flags', () => {
  const folder = enter();
  create();
  const { app, context } = json(folder, 'cdk.json');
  expect(app).toBe('node --require tsx/cjs bin/app.ts');
  expect(context['@aws-cdk/aws-iam:minimizePolicies']).toBe(true);
});

test('the files of a project next to a crate', () => {
  const root = enter(crate('forecast'));
  write(root, { 'deploy/.keep': '' });
  const snapshot = Testing.synth(new PmcpDeployProject({ outdir: join(root, 'deploy'), serverRoot: '..' }));
  for (const name of ['.gitattributes', '.projen/deps.json', '.projen/files.json', '.projen/tasks.json', 'cdk.json']) delete snapshot[name];
  expect(snapshot).toMatchSnapshot();
  expect(statSync(join(root, '.pmcp/deploy.toml')).size).toBeGreaterThan(1000);
});
