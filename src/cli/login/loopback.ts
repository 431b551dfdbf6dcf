import { createServer, type Server } from 'node:http';
import { CliError } from '../errors';

/** Where sign-in pages send the person back to. User pools compare ports, so that a registered client can have a few fixed ones only. */
export const LOOPBACK_PORTS = [14613, 14614, 14615];

const PATH = '/callback';

/** Waits on this machine for the browser to come back. */
export interface Loopback {
  readonly redirectUrl: string;

  /**
   * The code that the browser brings.
   *
   * @throws CliError when the sign-in was refused, or nobody came
   */
  code(state: string, timeout: number): Promise<string>;
  close(): void;
}

/** @throws CliError when all ports are taken */
export async function listenForBrowser(ports: readonly number[] = LOOPBACK_PORTS): Promise<Loopback> {
  for (const port of ports) {
    const server = await listen(port);
    if (server) return loopback(server, `http://localhost:${port}${PATH}`);
  }
  throw new CliError(`the ports ${ports.join(', ')} of this machine are all taken: sign-in pages can send the browser to no other`, {
    hint: 'end the program that has one of them, perhaps another "pmcp-deploy login"',
  });
}

async function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function loopback(server: Server, redirectUrl: string): Loopback {
  return {
    redirectUrl,
    code: async (state, timeout) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new CliError(`nobody signed in within ${timeout / 60_000} minutes`, { hint: 'run the command again' }));
      }, timeout);
      server.on('request', (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', redirectUrl);
        const code = searchParams.get('code');
        const refused = searchParams.get('error');
        // Other pages of the browser can call this port too: what does not bring the state is not an answer to us.
        if (pathname !== PATH || searchParams.get('state') !== state || (code === null && refused === null)) {
          response.writeHead(404).end();
          return;
        }
        clearTimeout(timer);
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'connection': 'close' });
        response.end(code === null ? 'The sign-in failed; the terminal tells more.\n' : 'You are signed in. This page can be closed.\n');
        if (code !== null) resolve(code);
        else reject(new CliError(`the sign-in was refused: ${plain(searchParams.get('error_description') ?? refused!)}`));
      });
    }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What comes from elsewhere may not move the cursor of a terminal. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}
