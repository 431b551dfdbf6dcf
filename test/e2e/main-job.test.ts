import { cpSync, existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cfnLintErrors } from './support/cfn-lint';
import { readElf } from './support/elf';
import { EMPTY, inventory } from './support/local-aws';
import { recordCargo } from './support/recorder';
import { expectWorkingServer, mcpUrl } from './support/sample-server';
import { cdk, npxPmcpDeploy, scaffold, stopLocal, temporaryFolder, writeServer } from '../support/app';
import { userEnv } from '../support/env';
import { ROOT } from '../support/package';
import { run } from '../support/run';

/*
 * The main job of a user, from an existing Rust server to its removal from AWS: with the release profile of the server's Cargo.toml, and
 * the commands as the README has them.
 */

const MAX_BOOTSTRAP_BYTES = 4.5e6;
const HOST = process.arch === 'arm64' ? 'aarch64' : 'x86_64';

/** The asset of the function in a template: an assembly keeps those of earlier builds. */
function assetIn(assembly: string): string {
  const template = JSON.parse(readFileSync(join(assembly, 'my-mcp-server.template.json'), 'utf-8'));
  const [server] = Object.values<any>(template.Resources).filter((resource) => resource.Properties?.Handler === 'bootstrap');
  return join(assembly, `asset.${basename(server.Properties.Code.S3Key, '.zip')}`);
}

function filesOf(folder: string): string[] {
  return readdirSync(folder).sort();
}

describe('beside an existing Rust server', () => {
  const folder = temporaryFolder('weather server');
  const server = folder.path;
  const app = join(server, 'deploy');
  const template = () => readFileSync(join(app, 'cdk.out', 'my-mcp-server.template.json'), 'utf-8');
  let before: string[];

  beforeAll(async () => {
    writeServer(server);
    before = filesOf(server);
    await scaffold(server, ['--outdir', 'deploy', '--no-git']);
  });
  afterAll(async () => {
    await stopLocal(app);
    folder.remove();
  });

  test('the app is in deploy/, and the server is as it was', async () => {
    expect(filesOf(server)).toEqual([...before, '.pmcp', 'deploy'].sort());
    expect(filesOf(join(server, '.pmcp'))).toEqual(['deploy.toml']);
    for (const file of ['package.json', 'tsconfig.json', 'cdk.json', 'bin/app.ts', 'lib/stack.ts', '.gitignore', '.projenrc.ts']) {
      expect([file, existsSync(join(app, file))]).toEqual([file, true]);
    }
    expect(readFileSync(join(server, '.pmcp', 'deploy.toml'), 'utf-8')).toMatch(/^name = "my-mcp-server"$/m);
    await run('diff', ['-r', '--exclude=deploy', '--exclude=.pmcp', join(ROOT, 'templates', 'server'), server]);
  });

  test('listing the stacks starts no cargo', async () => {
    const cargo = recordCargo();
    const { stdout } = await cdk(app, ['ls'], { env: userEnv({ PATH: cargo.PATH }) });
    expect(stdout.trim()).toBe('my-mcp-server');
    expect(cargo.calls()).toEqual([]);
  });

  test('a local AWS takes a synth, a bootstrap and a deployment, and an MCP client can use it', async () => {
    const { stdout } = await npxPmcpDeploy(app, ['local']);
    expect(readElf(join(assetIn(join(app, 'cdk.out')), 'bootstrap')).machine).toBe(HOST);
    expect(stdout).toContain('MCP URL: http://127.0.0.1:');
    // From a folder below, too.
    await expectWorkingServer(mcpUrl((await npxPmcpDeploy(join(app, 'lib'), ['outputs', '--local', '--json'])).stdout));
  });

  test('deploying again changes nothing and is no failure', async () => {
    await npxPmcpDeploy(app, ['deploy', '--local', '--yes']);
    await expectWorkingServer(mcpUrl((await npxPmcpDeploy(app, ['outputs', '--local', '--json'])).stdout));
  });

  test('destroying starts no cargo and leaves nothing behind', async () => {
    const cargo = recordCargo();
    expect(await inventory()).toMatchObject({ stacks: ['my-mcp-server'], apis: [expect.stringContaining('my-mcp-server')] });
    await npxPmcpDeploy(app, ['destroy', '--local', '--yes'], { env: userEnv({ PATH: cargo.PATH }) });
    expect(cargo.calls()).toEqual([]);
    expect(await inventory()).toEqual(EMPTY);
  });

  test('a synth for AWS gives a small arm64 binary alone in its asset', async () => {
    await npxPmcpDeploy(app, ['synth']);
    const asset = assetIn(join(app, 'cdk.out'));
    expect(filesOf(asset)).toEqual(['bootstrap']);
    const elf = readElf(join(asset, 'bootstrap'));
    expect(elf.machine).toBe('aarch64');
    expect(elf.size).toBeLessThanOrEqual(MAX_BOOTSTRAP_BYTES);
  });

  test('the template has no error for cfn-lint', async () => {
    expect(await cfnLintErrors(join(app, 'cdk.out', 'my-mcp-server.template.json'))).toBe('');
  });

  test('a synth in another folder gives the same template and the same asset', async () => {
    const other = temporaryFolder('elsewhere');
    try {
      cpSync(server, other.path, { recursive: true, filter: (source) => !/\/(node_modules|cdk\.out|target)$/.test(source) });
      symlinkSync(join(app, 'node_modules'), join(other.path, 'deploy', 'node_modules'));
      await cdk(join(other.path, 'deploy'), ['synth', '--quiet'], { env: userEnv({ CDK_VALIDATION: 'false' }) });
      const assembly = join(other.path, 'deploy', 'cdk.out');
      expect(readFileSync(join(assembly, 'my-mcp-server.template.json'), 'utf-8')).toBe(template());
      expect(basename(assetIn(assembly))).toBe(basename(assetIn(join(app, 'cdk.out'))));
    } finally {
      other.remove();
    }
  });
});
