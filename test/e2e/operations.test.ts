import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateDescribeLogGroups, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { installed, scaffold, stopLocal, temporaryFolder } from '../support/app';
import { e2eEnv, VALIDATED } from '../support/env';
import { Follower } from './support/follow';
import { localClient } from './support/local-aws';
import { withMcpClient } from '../support/mcp';
import { ProcessWatch } from './support/processes';
import { recordCargo } from './support/recorder';
import { tryRun, type RunResult } from '../support/run';
import { invoke } from './support/runtime-api';

/** Values that are looked for in places where they must not be. None is a part of another. */
const VALUES = { FIRST_KEY: 'correct-horse-1f6b', SECOND_KEY: 'battery-staple-92c4', THIRD_KEY: 'trombone "kazoo" $HOME-77ad', rotated: 'marimba-zither-0b3e' };
const EVERY_VALUE = [...Object.values(VALUES), ...Object.values(VALUES).map((value) => Buffer.from(value).toString('base64'))];

/** A tool that tells a secret backwards, and a switch that breaks the server. */
const TOOL = `
#[derive(Deserialize, JsonSchema)]
struct Named {
    name: String,
}

#[derive(Serialize, JsonSchema)]
struct Reversed {
    reversed: String,
}

static FIRST_KEY: crate::secrets::Secret = crate::secrets::Secret::new("FIRST_KEY");
static SECOND_KEY: crate::secrets::Secret = crate::secrets::Secret::new("SECOND_KEY");
static THIRD_KEY: crate::secrets::Secret = crate::secrets::Secret::new("THIRD_KEY");

pub fn reversed_secret() -> impl ToolHandler {
    TypedToolWithOutput::new("reversed_secret", |Named { name }: Named, _: RequestHandlerExtra| {
        Box::pin(async move {
            let secret = match name.as_str() {
                "FIRST_KEY" => &FIRST_KEY,
                "SECOND_KEY" => &SECOND_KEY,
                _ => &THIRD_KEY,
            };
            Ok(Reversed { reversed: secret.get().await?.chars().rev().collect() })
        })
    })
    .with_description("Tells a secret backwards.")
}

#[cfg(test)]`;
const SWITCH = `_ if std::env::var_os("BROKEN").is_some() => {
            lambda_http::tracing::error!("broken on purpose");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        _ => next.run(request).await,`;

const folder = temporaryFolder('operated');
const app = folder.path;
const temporary = temporaryFolder('tmp');
const said: string[] = [];
let url: string;

/** Runs a command, and keeps what it said. Without npx, which has to say something, too. */
async function cli(args: string[], input?: string, env: NodeJS.ProcessEnv = {}): Promise<RunResult> {
  const result = await tryRun(installed(app), args, { cwd: app, input, env: e2eEnv({ TMPDIR: temporary.path, ...env }) });
  said.push(result.stdout, result.stderr);
  return result;
}

async function succeed(...args: string[]): Promise<RunResult> {
  const result = await cli(args);
  if (result.status !== 0) throw new Error(`${args.join(' ')} ended with ${result.status}:\n${result.stdout}\n${result.stderr}`);
  return result;
}

function replace(file: string, text: string, by: string): void {
  const path = join(app, file);
  const before = readFileSync(path, 'utf-8');
  expect(before).toContain(text);
  writeFileSync(path, before.replace(text, () => by));
}

function configure(more: string = ''): void {
  writeFileSync(join(app, '.pmcp', 'deploy.toml'), `[target]
type = "aws-lambda"
version = "1.0.0"

[aws]
region = "us-east-1"

[server]
name = "operated"

[deployment]
strategy = "canary10percent5minutes"

[secrets.FIRST_KEY]
description = "Key of the first service"
obtain = "https://example.com/keys"

[secrets.SECOND_KEY]
delivery = "arn"

[secrets.THIRD_KEY]
required = false
${more}`);
}

async function reversedSecret(name: string): Promise<string> {
  return withMcpClient(url, async (client) => {
    const { structuredContent } = await client.callTool({ name: 'reversed_secret', arguments: { name } });
    return [...(structuredContent as { reversed: string }).reversed].reverse().join('');
  });
}

/** The template, and the bootstrap of the newest build. */
function assembly() {
  const out = join(app, 'cdk.out');
  const text = readFileSync(join(out, 'operated.template.json'), 'utf-8');
  const template = JSON.parse(text) as { Resources: Record<string, any> };
  const [server] = Object.values(template.Resources).filter((resource) => resource.Properties?.Handler === 'bootstrap');
  return { text, server, bootstrap: join(out, `asset.${String(server.Properties.Code.S3Key).replace('.zip', '')}`, 'bootstrap') };
}

function filesBelow(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

let watch: ProcessWatch;

beforeAll(async () => {
  await scaffold(app, ['--server-name', 'operated', '--no-git']);
  replace('src/tools.rs', '\n#[cfg(test)]', TOOL);
  replace('src/server.rs', '.tool(tools::WHO_AM_I, tools::who_am_i())', '.tool(tools::WHO_AM_I, tools::who_am_i())\n        .tool("reversed_secret", tools::reversed_secret())');
  replace('src/server.rs', '_ => next.run(request).await,', SWITCH);
  const main = readFileSync(join(app, 'src/main.rs'), 'utf-8');
  writeFileSync(join(app, 'src/main.rs'), main.replace(/#\[cfg_attr\(\n\s+not\(test\),[^]*?\)\]\n(?=mod secrets)/, ''));
  configure();
  // The function itself may have the values, and so may what starts it.
  watch = new ProcessWatch(EVERY_VALUE, (commandLine) => /bootstrap\0?$|ministack/.test(commandLine));
});

afterAll(async () => {
  watch.stop();
  await stopLocal(app);
  folder.remove();
  temporary.remove();
});

describe('secrets', () => {
  test('that are missing stop a deployment before the build, which says how to set them', async () => {
    const { status, stdout, stderr } = await cli(['local']);
    expect(stderr).toContain([
      'error: operated lacks 2 required secrets in stage default:',
      '  FIRST_KEY: Key of the first service (get it: https://example.com/keys)',
      '  SECOND_KEY',
      '  set it with: npx pmcp-deploy secrets set FIRST_KEY --local',
      '  set it with: npx pmcp-deploy secrets set SECOND_KEY --local',
      '',
    ].join('\n'));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).not.toContain('Build');
    expect(filesBelow(join(app, 'cdk.out')).filter((path) => path.endsWith('/bootstrap'))).toEqual([]);
  });

  test('are set from standard input, from a file, and from a .env file', async () => {
    const set = await cli(['secrets', 'set', 'FIRST_KEY', '--local', '--verbose'], `${VALUES.FIRST_KEY}\n`);
    expect(set).toEqual({
      status: 0, stdout: '', stderr: '✔ FIRST_KEY of stage default is set\n  the next deployment delivers it to the server: npx pmcp-deploy deploy --local\n',
    });
    const file = join(app, 'second.txt');
    writeFileSync(file, `${VALUES.SECOND_KEY}\n`);
    expect((await succeed('secrets', 'set', 'SECOND_KEY', '--file', 'second.txt', '--local', '--verbose')).stderr).toContain('✔ SECOND_KEY of stage default is set\n');
    writeFileSync(join(app, '.env'), `# of a colleague\nTHIRD_KEY='${VALUES.THIRD_KEY}'\nOTHER=1\n`);
    const imported = await succeed('secrets', 'import', '.env', '--local', '--verbose');
    expect(imported.stderr).toBe('✔ THIRD_KEY of stage default is set\n  skipped, because deploy.toml does not declare them: OTHER\n');
  });

  test('are listed without their values', async () => {
    const { stdout } = await succeed('secrets', 'list', '--local');
    expect(stdout.replace(/\d+ min/g, 'now').replace(/ +/g, ' ').trim().split('\n')).toEqual([
      'name stage age deploy.toml', 'FIRST_KEY default set now required', 'SECOND_KEY default set now required', 'THIRD_KEY default set now optional',
    ]);
  });

  test('reach the deployed server', async () => {
    const { status, stdout, stderr } = await cli(['local'], undefined, VALIDATED);
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    url = /MCP URL: (\S+)/.exec(stdout)![1];
    // A local AWS has no extension: there, all are delivered in the environment.
    for (const name of ['FIRST_KEY', 'SECOND_KEY', 'THIRD_KEY'] as const) expect(await reversedSecret(name)).toBe(VALUES[name]);
    expect(assembly().text).not.toContain('AWS::CodeDeploy');
  });

  test('reach the server by their ARN, too, from an extension that asks Secrets Manager', async () => {
    const manager = new SecretsManagerClient(localClient());
    const extension = createServer((request, response) => {
      const SecretId = new URL(request.url ?? '', 'http://localhost').searchParams.get('secretId') ?? '';
      const allowed = request.headers['x-aws-parameters-secrets-token'] === 'session';
      void (allowed ? manager.send(new GetSecretValueCommand({ SecretId })) : Promise.reject(new Error('no token'))).then(
        ({ ARN, SecretString }) => response.end(JSON.stringify({ ARN, SecretString })),
        (error: Error) => response.writeHead(400).end(error.message),
      );
    });
    await new Promise<void>((done) => extension.listen(0, 'localhost', done));
    try {
      const { ARN = '' } = await manager.send(new GetSecretValueCommand({ SecretId: 'pmcp-deploy/operated/default/SECOND_KEY' }));
      const { statusCode, body } = await invoke<{ statusCode: number; body: string }>(assembly().bootstrap, toolCall('reversed_secret', { name: 'SECOND_KEY' }), {
        SECOND_KEY_SECRET_ARN: ARN,
        PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String((extension.address() as AddressInfo).port),
        AWS_SESSION_TOKEN: 'session',
        AWS_LAMBDA_FUNCTION_NAME: 'operated',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
        AWS_LAMBDA_FUNCTION_VERSION: '1',
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
      });
      expect(statusCode).toBe(200);
      expect(JSON.parse(body).result.structuredContent.reversed).toBe([...VALUES.SECOND_KEY].reverse().join(''));
    } finally {
      extension.closeAllConnections();
      await new Promise((done) => extension.close(done));
    }
  });

  test('reach it anew with the next deployment, when they change', async () => {
    const changed = await cli(['secrets', 'set', 'FIRST_KEY', '--local', '--verbose'], VALUES.rotated);
    expect(changed.stderr).toContain('✔ FIRST_KEY of stage default is changed\n');
    await succeed('deploy', '--local', '--verbose');
    expect(await reversedSecret('FIRST_KEY')).toBe(VALUES.rotated);
  });

  test('can be deleted, and brought back', async () => {
    expect((await succeed('secrets', 'delete', 'THIRD_KEY', '--yes', '--local')).stderr).toBe('✔ THIRD_KEY of stage default is deleted, with a recovery window of 30 days\n');
    const again = await cli(['secrets', 'delete', 'THIRD_KEY', '--yes', '--local']);
    expect([again.status, again.stderr]).toEqual([1, 'error: the secret THIRD_KEY in stage default is already deleted\n']);
    expect((await cli(['secrets', 'set', 'THIRD_KEY', '--local'], VALUES.THIRD_KEY)).stderr).toContain('✔ THIRD_KEY of stage default is restored, with the same value\n');
  });
});

/** An event of an HTTP API: a client calls a tool. */
function toolCall(name: string, args: object): object {
  const { host, pathname } = new URL(url);
  return {
    version: '2.0',
    routeKey: 'POST /mcp',
    rawPath: pathname.endsWith('/mcp') ? '/mcp' : pathname,
    rawQueryString: '',
    headers: { 'host': host, 'content-type': 'application/json', 'accept': 'application/json, text/event-stream' },
    requestContext: {
      apiId: 'api',
      stage: '$default',
      requestId: '1',
      timeEpoch: 0,
      http: { method: 'POST', path: '/mcp', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    isBase64Encoded: false,
  };
}

interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly requestId: string;
  readonly fields: Record<string, unknown>;
}

function logLines(stdout: string): LogLine[] {
  return stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LogLine);
}

describe('logs', () => {
  const CALLS = 150;
  const CALL = 'tools/call text_statistics';
  let followed: LogLine[];

  test('are followed: each line once, in order, within two seconds', async () => {
    const tail = new Follower(app, ['logs', '--tail', '--json', '--local']);
    await tail.until(() => tail.stderr.includes('following'));
    const returned: number[] = [];
    await withMcpClient(url, async (client) => {
      for (let call = 0; call < CALLS; call++) {
        await client.callTool({ name: 'text_statistics', arguments: { text: 'a' } });
        returned.push(Date.now());
      }
    });
    const calls = () => tail.lines.filter(({ text }) => text.includes(CALL));
    await tail.until(() => calls().length >= CALLS);
    // A repeated line would come with the next searches.
    await sleep(3000);
    await tail.stop();
    followed = tail.lines.map(({ text }) => JSON.parse(text) as LogLine);
    const own = followed.filter(({ message }) => message === CALL);
    expect(own).toHaveLength(CALLS);
    expect(new Set(own.map(({ requestId }) => requestId)).size).toBe(CALLS);
    expect(own.map(({ time }) => time)).toEqual(own.map(({ time }) => time).sort());
    const lags = calls().map(({ at }, index) => at - returned[index]);
    expect(Math.max(...lags)).toBeLessThan(2000);
  });

  test('are the same when they are read afterwards', async () => {
    const { stdout } = await succeed('logs', '--since', '10m', '--json', '--local');
    const key = ({ requestId, message }: LogLine) => `${requestId} ${message}`;
    const ids = new Set(followed.filter(({ message }) => message === CALL).map(({ requestId }) => requestId));
    const of = (lines: LogLine[]) => lines.filter(({ requestId }) => ids.has(requestId)).map(key).sort();
    expect(of(logLines(stdout))).toEqual(of(followed));
  });

  test('can be filtered, and found by request', async () => {
    const filtered = logLines((await succeed('logs', '--filter', '"text_statistics"', '--json', '--local')).stdout);
    expect(filtered).toHaveLength(CALLS);
    const { requestId } = followed.filter(({ message }) => message === CALL)[7];
    const found = logLines((await succeed('logs', '--request-id', requestId, '--json', '--local')).stdout);
    expect(found.map(({ message }) => message)).toEqual([CALL, expect.stringMatching(/^request took [\d.]+ ms, billed \d+ ms, memory \d+ of 512 MB/)]);
    expect(new Set(found.map((line) => line.requestId))).toEqual(new Set([requestId]));
  });

  test('are readable for people', async () => {
    const { stdout } = await succeed('logs', '--since', '10m', '--local');
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}tools\/call text_statistics Method=tools\/call Requests=1 Errors=0 Duration=[\d.]+ Tool=text_statistics \[[0-9a-f-]{36}\]$/m);
  });
});

describe('a bad version', () => {
  const versions = async () => JSON.parse((await succeed('rollback', '--list', '--json', '--local')).stdout) as {
    live: string; versions: Array<{ version: string; live: boolean; deployed: boolean; asset: string }>;
  };
  let good: string;

  test('fails the tests of its deployment, and those of "test"', async () => {
    good = (await versions()).live;
    configure('[environment]\nBROKEN = "yes"\n');
    const { status, stderr } = await cli(['deploy', '--local']);
    expect(stderr).toContain('error: deployed, but the tests failed\n  go back to the version that was live before with: npx pmcp-deploy rollback --local\n');
    expect(status).toBe(3);
    const tested = await cli(['test', '--local']);
    expect(tested.stdout).toMatch(/✖ connectivity .*HTTP 500|✖ connectivity .* 500/);
    expect([tested.status, tested.stderr]).toEqual([3, expect.stringContaining('error: the tests did not pass\n')]);
  });

  test('is seen in the logs by its level', async () => {
    const lines = logLines((await succeed('logs', '--level', 'error', '--json', '--local')).stdout);
    expect(lines.length).toBeGreaterThan(0);
    for (const { level } of lines) expect(level).toBe('ERROR');
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('broken on purpose'));
  });

  test('is rolled back in seconds, without a build', async () => {
    const cargo = recordCargo();
    const started = Date.now();
    const { status, stderr } = await cli(['rollback', '--yes', '--no-tests', '--local'], undefined, { PATH: cargo.PATH });
    expect([status, stderr]).toEqual([0, `✔ version ${good} is live; it was version ${Number(good) + 1}\n`]);
    expect(Date.now() - started).toBeLessThan(10_000);
    expect(cargo.calls()).toEqual([]);
    const { stdout } = await succeed('test', '--local');
    expect(stdout).toMatch(/✔ connectivity +reachable/);
    expect(stdout).toMatch(/✔ conformance +foreign Origin .*refused with HTTP 403/);
    expect(stdout).not.toContain('✖');
    const { live, versions: all } = await versions();
    expect(live).toBe(good);
    expect(all.slice(0, 2)).toMatchObject([
      { version: String(Number(good) + 1), live: false, deployed: true }, { version: good, live: true, deployed: false },
    ]);
  });

  test('is live again when it is deployed again: nothing else changed', async () => {
    expect((await cli(['deploy', '--local', '--no-tests'])).status).toBe(0);
    expect((await versions()).live).toBe(String(Number(good) + 1));
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(500);
  });

  test('is followed by the next good one, of the code that was rolled back to', async () => {
    configure();
    await succeed('deploy', '--local');
    expect((await versions()).live).toBe(String(Number(good) + 2));
    expect(await reversedSecret('FIRST_KEY')).toBe(VALUES.rotated);
  });

  test('is rolled back by itself where deploy.toml says so', async () => {
    configure('[environment]\nBROKEN = "once more"\n[post_deploy_tests]\non_failure = "rollback"\n');
    const { status, stderr } = await cli(['deploy', '--local']);
    expect(stderr).toMatch(/error: the tests failed, and the deployment was rolled back: \S+ is back at version \d+\n {2}fix it, then run: npx pmcp-deploy deploy --local\n/);
    expect(status).toBe(3);
    expect((await versions()).live).toBe(String(Number(good) + 2));
    expect(await reversedSecret('SECOND_KEY')).toBe(VALUES.SECOND_KEY);
  });
});

describe('metrics', () => {
  test('are asked for, and shown, though a local AWS counts no invocations', async () => {
    const { stdout } = await succeed('metrics', '--json', '--local');
    const { servers: [{ server, measures, cost }] } = JSON.parse(stdout);
    expect(server).toBe('operated');
    expect(Object.keys(measures)).toEqual(expect.arrayContaining(['invocations', 'errors', 'throttles', 'durationP95', 'coldStarts', 'requests', 'latencyP95']));
    expect(cost.usd).toBeGreaterThanOrEqual(0);
    expect((await succeed('metrics', '--local')).stdout).toMatch(/^operated {2}default, us-east-1, last 1h.*\n {2}Invocations /);
  });

  test('are looked at again and again with --watch, until Ctrl-C', async () => {
    const watched = new Follower(app, ['metrics', '--watch', '5s', '--json', '--local']);
    await watched.until(() => watched.lines.length >= 2);
    expect(await watched.stop()).toBe(130);
    expect(watched.stderr).toBe('');
    expect(watched.lines[1].at - watched.lines[0].at).toBeGreaterThan(4500);
    for (const { text } of watched.lines) expect(JSON.parse(text)).toMatchObject({ stack: 'operated', servers: [{ server: 'operated' }] });
  });
});

describe('the values of the secrets', () => {
  function expectNowhere(places: Iterable<readonly [place: string, content: string]>): void {
    const found: string[] = [];
    for (const [place, content] of places) {
      for (const value of EVERY_VALUE) if (content.includes(value) || content.includes(JSON.stringify(value).slice(1, -1))) found.push(`${place}: ${value}`);
    }
    expect(found).toEqual([]);
  }

  test('are in no output', () => {
    expect(said.join('').length).toBeGreaterThan(10_000);
    expectNowhere(said.map((text, index) => [`output ${index}`, text]));
  });

  test('are in no template, no asset and no other file of the app but those of the user', () => {
    const files = filesBelow(app).filter((path) => !path.includes('/node_modules/') && !/\/(\.env|second\.txt)$/.test(path));
    expect(files.filter((path) => path.includes('/cdk.out/')).length).toBeGreaterThan(5);
    expectNowhere(files.map((path) => [path, readFileSync(path, 'latin1')]));
  });

  test('are in no temporary file', () => {
    expectNowhere(filesBelow(temporary.path).map((path) => [path, readFileSync(path, 'latin1')]));
  });

  test('are in no log group', async () => {
    const client = new CloudWatchLogsClient(localClient());
    const lines: Array<[string, string]> = [];
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
      for (const { logGroupName = '' } of logGroups) {
        for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName, startTime: 0 })) {
          lines.push(...events.map(({ message = '' }): [string, string] => [logGroupName, message]));
        }
      }
    }
    expect(lines.length).toBeGreaterThan(300);
    expectNowhere(lines);
  });

  test('were in no argument of a process, and in no environment but that of the function', () => {
    expect(watch.looks).toBeGreaterThan(100);
    expect(watch.stop()).toEqual([]);
  });
});
