import { ChildProcess, spawn } from 'node:child_process';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** Runs a bootstrap against a Lambda Runtime API of its own, gives it one event and returns its answer. */
export async function invoke<T = { answer: string; event: unknown }>(
  bootstrap: string, event: unknown = {}, env: NodeJS.ProcessEnv = {},
): Promise<T> {
  const { promise, resolve, reject } = withResolvers<string>();
  const api = createServer((request, response) => {
    if (request.method === 'GET') {
      const body = JSON.stringify(event);
      response.writeHead(200, { 'lambda-runtime-aws-request-id': 'one', 'lambda-runtime-deadline-ms': Date.now() + 10_000, 'content-length': Buffer.byteLength(body) }).end(body);
    } else {
      void read(request).then((body) => {
        response.writeHead(202, { 'content-length': 0 }).end();
        resolve(body);
      });
    }
  });
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
  const child = spawn(bootstrap, [], { env: { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}` }, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', reject);
  child.on('exit', (status) => reject(new Error(`${bootstrap} exited with ${status} before it answered`)));
  const timer = setTimeout(() => reject(new Error(`${bootstrap} did not answer in 10 s`)), 10_000);
  try {
    return JSON.parse(await promise);
  } finally {
    clearTimeout(timer);
    await stop(child, api);
  }
}

async function stop(child: ChildProcess, api: Server): Promise<void> {
  child.kill('SIGKILL');
  api.closeAllConnections();
  await new Promise((done) => api.close(done));
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return text;
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
