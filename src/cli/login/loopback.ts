import { createServer, type Server } from 'node:http';
import { CliError } from '../util/errors';
import { plainText, quoted } from '../util/secure-url';

/** Where sign-in pages send the person back to. User pools compare ports, so that a registered client can have a few fixed ones only. */
export const LOOPBACK_PORTS = [14613, 14614, 14615];

/** The path that clients are registered with by hand. */
export const CALLBACK_PATH = '/callback';

/** What is known of the answer that is waited for. */
export interface Expected {
  readonly state: string;
  readonly issuer: string;

  /** Whether the issuer said that its answers name it (RFC 9207). */
  readonly named: boolean;
}

/** Waits on this machine for the browser to come back. */
export interface Loopback {
  readonly redirectUrl: string;

  /**
   * The code that the browser brings.
   *
   * @param timeout in milliseconds
   * @throws CliError when the sign-in was refused, the answer is another issuer's, or nobody came
   */
  code(expected: Expected, timeout: number): Promise<string>;
  close(): void;
}

/** @throws CliError when all ports are taken */
export async function listenForBrowser(ports: readonly number[] = LOOPBACK_PORTS, path: string = CALLBACK_PATH): Promise<Loopback> {
  for (const port of ports) {
    const server = await listen(port);
    if (server) return loopback(server, `http://localhost:${port}${path}`);
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
    code: async (expected, timeout) => new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new CliError(`nobody signed in within ${timeout / 60_000} minutes`, { hint: 'run the command again' }));
      }, timeout);
      server.on('request', (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', redirectUrl);
        // Other pages of the browser can call this port too: what does not bring the state is not an answer to us.
        const isAnswer = pathname === new URL(redirectUrl).pathname && (searchParams.has('code') || searchParams.has('error'));
        if (!isAnswer || searchParams.get('state') !== expected.state) {
          response.writeHead(404).end();
          return;
        }
        clearTimeout(timer);
        const code = codeOf(searchParams, expected);
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'connection': 'close' });
        if (typeof code === 'string') {
          response.end('You are signed in. This page can be closed.\n');
          resolve(code);
        } else {
          response.end('The sign-in failed; the terminal tells more.\n');
          reject(code);
        }
      });
    }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The code in an answer, or why there is none that can be used. */
function codeOf(answer: URLSearchParams, { issuer, named }: Expected): string | CliError {
  const repeated = ['state', 'code', 'error', 'iss'].find((name) => answer.getAll(name).length > 1);
  if (repeated !== undefined) return new CliError(`the answer has ${repeated} more than once: somebody has added to it. Nothing was sent`);
  const sender = answer.get('iss');
  // RFC 9207: exactly as the metadata have it, in refusals too. Without it, an answer could be of another sign-in page.
  if (sender === null && named) {
    return new CliError(`the answer does not say who it is from (iss), though those of ${quoted(issuer)} do: nothing was sent`);
  }
  if (sender !== null && sender !== issuer) {
    return new CliError(`the answer is of the issuer ${quoted(sender)}, not of ${quoted(issuer)}: nothing was sent`);
  }
  const why = answer.get('error_description') ?? answer.get('error') ?? '';
  return answer.get('code') ?? new CliError(`the sign-in was refused: ${plainText(why)}`);
}
