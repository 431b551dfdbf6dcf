import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient, CreateFunctionCommand, waitUntilFunctionActiveV2, type CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import { localClient, type LocalClient } from './local-aws';
import { startLocalAws, stopLocalAws } from '../../../src/cli/local/ministack';
import { e2eEnv } from '../../support/env';
import { run } from '../../support/run';

/** Starts the local AWS of the tests, as the command line does, without deploying anything into it. */
export async function startOwn(): Promise<LocalClient> {
  process.env.PMCP_DEPLOY_CACHE = e2eEnv().PMCP_DEPLOY_CACHE;
  await stopLocalAws();
  await startLocalAws();
  return localClient();
}

export async function stopOwn(): Promise<void> {
  await stopLocalAws();
}

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request with the very headers that are given, `host` and `origin` included. */
export async function send(endpoint: string, { method, path, headers = {}, body = '' }: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const all = { 'content-length': String(Buffer.byteLength(body)), ...headers };
    const outgoing = request({ hostname, port, method, path, headers: all }, (answer) => {
      let text = '';
      answer.setEncoding('utf-8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

/** The headers of a request that is signed (SigV4) with credentials of a local AWS. */
export async function signed(client: LocalClient, service: string, raw: RawRequest): Promise<Record<string, string>> {
  const url = new URL(raw.path, client.endpoint);
  const { config } = new LambdaClient(client);
  const signer = await config.signer({ name: 'sigv4', signingName: service, signingRegion: client.region, properties: {} });
  const { headers } = await signer.sign({
    method: raw.method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { ...raw.headers, host: url.host },
    body: raw.body ?? '',
  } as Parameters<typeof signer.sign>[0]);
  return headers as Record<string, string>;
}

/** A ZIP archive of files, as Lambda takes it. */
export async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'pmcp-deploy-zip-'));
  try {
    const script = [
      'import base64, io, json, sys, zipfile',
      'out = io.BytesIO()',
      'with zipfile.ZipFile(out, "w") as archive:',
      '    for name, text in json.load(sys.stdin).items():',
      '        entry = zipfile.ZipInfo(name)',
      '        entry.external_attr = 0o755 << 16',
      '        archive.writestr(entry, text)',
      'print(base64.b64encode(out.getvalue()).decode())',
    ].join('\n');
    const { stdout } = await run('python3', ['-c', script], { cwd: folder, input: JSON.stringify(files) });
    return Buffer.from(stdout.trim(), 'base64');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The role is not looked at; a function needs one. */
export const ROLE = 'arn:aws:iam::000000000000:role/any';

/** Makes a function of Python source with a `handler`. */
export async function createFunction(
  client: LambdaClient, name: string, source: string, more: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  const ZipFile = await zip({ 'index.py': source });
  const settings = { Role: ROLE, Runtime: 'python3.12', Handler: 'index.handler' } as const;
  await client.send(new CreateFunctionCommand({ FunctionName: name, ...settings, Code: { ZipFile }, ...more }));
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName: name });
}
