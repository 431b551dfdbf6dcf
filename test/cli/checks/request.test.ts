import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { request, RequestError, type Detour } from '../../../src/cli/checks/protocol/request';
import { onCleanup } from '../support/project';

const DOMAIN = 'mcp.example.test';

async function listen(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(async () => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

async function failure(url: string, init?: RequestInit, detour?: Detour): Promise<RequestError> {
  const error: unknown = await request(url, init, detour).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(RequestError);
  return error as RequestError;
}

describe('a detour', () => {
  const detour = { host: DOMAIN, target: '127.0.0.1' };

  test('connects elsewhere, with the name in the Host header', async () => {
    const port = await listen(createHttpServer((incoming, response) => response.end(`${incoming.method} ${incoming.headers.host}`)));
    const response = await request(`http://${DOMAIN}:${port}/`, { method: 'POST', body: '{}' }, detour);
    expect(await response.text()).toBe(`POST ${DOMAIN}:${port}`);
  });

  test('connects elsewhere, with the name in TLS', async () => {
    let hello = '';
    const port = await listen(createServer((socket) => socket.once('data', (data) => {
      hello = data.toString('latin1');
      socket.destroy();
    })));
    expect(await failure(`https://${DOMAIN}:${port}/`, {}, detour)).toMatchObject({ connected: false });
    // The name is in the clear in the first message of TLS.
    expect(hello).toContain(DOMAIN);
  });

  test('is for its own host only', async () => {
    expect(await failure('http://other.invalid/', {}, detour)).toMatchObject({
      connected: false,
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });
});

test('an answer is that of fetch: status, headers, body; nothing is followed', async () => {
  const port = await listen(createHttpServer((incoming, response) => {
    if (incoming.url === '/empty') response.writeHead(204).end();
    else response.writeHead(302, { 'location': '/empty', 'set-cookie': ['a=1', 'b=2'] }).end('moved');
  }));
  const moved = await request(`http://127.0.0.1:${port}/`);
  expect([
    moved.status, moved.headers.get('location'), moved.headers.getSetCookie(), await moved.text(),
  ]).toEqual([302, '/empty', ['a=1', 'b=2'], 'moved']);
  const empty = await request(`http://127.0.0.1:${port}/empty`);
  expect([empty.status, await empty.text()]).toEqual([204, '']);
});

test('a status that is none is no answer', async () => {
  const port = await listen(
    createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n'))),
  );
  expect(await failure(`http://127.0.0.1:${port}/`)).toMatchObject({ code: 'EPROTO' });
});

test('it is known whether a request that ran out of time was sent', async () => {
  const sockets = new Set<Socket>();
  const port = await listen(createServer((socket) => void sockets.add(socket)));
  onCleanup(() => sockets.forEach((socket) => socket.destroy()));
  expect(await failure(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(100) })).toMatchObject({ connected: true });
  // TLS does not stand without an answer.
  expect(await failure(`https://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(100) })).toMatchObject({ connected: false });
});

test('a connection that the server has closed meanwhile is made again', async () => {
  let answers = 0;
  // Each connection is cut at its second request.
  const port = await listen(createServer((socket) => {
    let requests = 0;
    socket.on('error', () => undefined).on('data', () => {
      if (++requests > 1) socket.resetAndDestroy();
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${++answers}`);
    });
    onCleanup(() => void socket.destroy());
  }));
  for (const expected of ['1', '2', '3']) expect(await (await request(`http://127.0.0.1:${port}/`)).text()).toBe(expected);
});
