import { cpSync, existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cdk, pmcpDeploy, scaffold, temporaryFolder, tryPmcpDeploy, writeServer } from './support/app';
import { cfnLintErrors } from './support/cfn-lint';
import { readElf } from './support/elf';
import { e2eEnv } from './support/env';
import { inventory } from './support/local-aws';
import { withMcpClient } from './support/mcp';
import { recordCargo } from './support/recorder';
import { run } from './support/run';

const MAX_BOOTSTRAP_BYTES = 4.5e6;
const HOST = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const NOTHING = { stacks: [], functions: [], apis: [], logGroups: [], roles: [] };

/** The server of the sample, as an MCP client sees it at `url`. */
async function expectWorkingServer(url: string): Promise<void> {
  await withMcpClient(url, async (client) => {
    expect(client.getServerVersion()?.name).toBeTruthy();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).sort()).toEqual(['date_difference', 'text_statistics', 'who_am_i']);
    const result = await client.callTool({ name: 'text_statistics', arguments: { text: 'two words' } });
    expect(result.structuredContent).toMatchObject({ words: 2, characters: 9 });
  });
  for (const method of ['GET', 'DELETE']) {
    const answer = await fetch(url, { method, headers: { accept: 'application/json, text/event-stream' } });
    expect([method, answer.status]).toEqual([method, 405]);
  }
  const unknown = await fetch(url.replace(/\/mcp$/, '/unknown'), { method: 'POST', body: '{}' });
  expect(unknown.status).toBe(404);
}

function mcpUrl(stdout: string): string {
  const { outputs } = JSON.parse(stdout) as { outputs: Record<string, string> };
  const [url] = Object.entries(outputs).filter(([name]) => name.endsWith('McpUrl')).map(([, value]) => value);
  return url;
}

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
    await tryPmcpDeploy(app, ['local', '--stop']);
    folder.remove();
  });

  test('the app is in deploy/, and the server is as it was', async () => {
    expect(filesOf(server)).toEqual([...before, '.pmcp', 'deploy'].sort());
    expect(filesOf(join(server, '.pmcp'))).toEqual(['deploy.toml']);
    for (const file of ['package.json', 'tsconfig.json', 'cdk.json', 'bin/app.ts', 'lib/stack.ts', '.gitignore', '.projenrc.ts']) {
      expect([file, existsSync(join(app, file))]).toEqual([file, true]);
    }
    expect(readFileSync(join(server, '.pmcp', 'deploy.toml'), 'utf-8')).toMatch(/^name = "my-mcp-server"$/m);
    await run('diff', ['-r', '--exclude=deploy', '--exclude=.pmcp', join(__dirname, '..', '..', 'templates', 'server'), server]);
  });

  test('listing the stacks starts no cargo', async () => {
    const cargo = recordCargo();
    const { stdout } = await cdk(app, ['ls'], { env: e2eEnv({ PATH: cargo.PATH }) });
    expect(stdout.trim()).toBe('my-mcp-server');
    expect(cargo.calls()).toEqual([]);
  });

  test('a local AWS takes a synth, a bootstrap and a deployment, and an MCP client can use it', async () => {
    const { stdout } = await pmcpDeploy(app, ['local']);
    expect(readElf(join(assetIn(join(app, 'cdk.out')), 'bootstrap')).machine).toBe(HOST);
    expect(stdout).toContain('MCP URL: http://127.0.0.1:');
    // From a folder below, too.
    await expectWorkingServer(mcpUrl((await pmcpDeploy(join(app, 'lib'), ['outputs', '--local', '--json'])).stdout));
  });

  test('deploying again changes nothing and is no failure', async () => {
    await pmcpDeploy(app, ['deploy', '--local', '--yes']);
    await expectWorkingServer(mcpUrl((await pmcpDeploy(app, ['outputs', '--local', '--json'])).stdout));
  });

  test('destroying starts no cargo and leaves nothing behind', async () => {
    const cargo = recordCargo();
    expect(await inventory()).toMatchObject({ stacks: ['my-mcp-server'], apis: [expect.stringContaining('my-mcp-server')] });
    await pmcpDeploy(app, ['destroy', '--local', '--yes'], { env: e2eEnv({ PATH: cargo.PATH }) });
    expect(cargo.calls()).toEqual([]);
    expect(await inventory()).toEqual(NOTHING);
  });

  test('a synth for AWS gives a small arm64 binary alone in its asset', async () => {
    await pmcpDeploy(app, ['synth']);
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
      await cdk(join(other.path, 'deploy'), ['synth', '--quiet']);
      const assembly = join(other.path, 'deploy', 'cdk.out');
      expect(readFileSync(join(assembly, 'my-mcp-server.template.json'), 'utf-8')).toBe(template());
      expect(basename(assetIn(assembly))).toBe(basename(assetIn(join(app, 'cdk.out'))));
    } finally {
      other.remove();
    }
  });
});

describe('in an empty folder', () => {
  const folder = temporaryFolder('from-nothing');
  afterAll(async () => {
    await tryPmcpDeploy(folder.path, ['local', '--stop']);
    folder.remove();
  });

  test('there is a sample server, which deploys and works', async () => {
    await scaffold(folder.path);
    await pmcpDeploy(folder.path, ['local']);
    await expectWorkingServer(mcpUrl((await pmcpDeploy(folder.path, ['outputs', '--local', '--json'])).stdout));
    await pmcpDeploy(folder.path, ['destroy', '--local', '--yes']);
    expect(await inventory()).toEqual(NOTHING);
  });

  test('npx projen changes nothing', async () => {
    await run('npx', ['--no-install', 'projen'], { cwd: folder.path, env: e2eEnv() });
    expect((await run('git', ['status', '--porcelain'], { cwd: folder.path })).stdout).toBe('');
  });
});
