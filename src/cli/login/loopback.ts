import { createServer, type Server } from 'node:http';
import { CliError } from '../util/errors';
import { quoted, shortLine } from '../util/untrusted-text';

/** Ports for the callback of sign-in pages. User pools compare ports, so a registered client can have a few fixed ones only. */
export const LOOPBACK_PORTS = [14613, 14614, 14615];

/** The callback path of clients that are registered by hand. */
export const CALLBACK_PATH = '/callback';

/** What the answer of the sign-in page must have. */
export interface ExpectedAnswer {
  readonly state: string;
  readonly issuer: string;

  /** If true, the metadata announce that answers have the issuer in `iss` (RFC 9207). */
  readonly hasIssuer: boolean;
}

/** A server on this machine that waits for the browser to come back. */
export interface Loopback {
  readonly redirectUrl: string;

  /**
   * The authorization code that the browser brings.
   *
   * @param timeout in milliseconds
   * @throws CliError if the sign-in was refused, the answer is another issuer's, or none came in time
   */
  code(expected: ExpectedAnswer, timeout: number): Promise<string>;
  close(): void;
}

/** @throws CliError if all ports are in use */
export async function listenForBrowser(ports: readonly number[] = LOOPBACK_PORTS, path: string = CALLBACK_PATH): Promise<Loopback> {
  for (const port of ports) {
    const server = await listen(port);
    if (server) return loopback(server, `http://localhost:${port}${path}`);
  }
  throw new CliError(`the ports ${ports.join(', ')} of this machine are all in use: sign-in pages cannot use another one`, {
    hint: 'end the program that uses one of them, for example another "pmcp-deploy login"',
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
        reject(new CliError(`no one signed in within ${timeout / 60_000} minutes`, { hint: 'run the command again' }));
      }, timeout);
      server.on('request', (request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', redirectUrl);
        // Other pages in the browser can call this port too. A request without the state is not the answer.
        const isAnswer = pathname === new URL(redirectUrl).pathname && (searchParams.has('code') || searchParams.has('error'));
        if (!isAnswer || searchParams.get('state') !== expected.state) {
          response.writeHead(404).end();
          return;
        }
        clearTimeout(timer);
        const code = readCode(searchParams, expected);
        response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'connection': 'close' });
        if (typeof code === 'string') {
          response.end('You are signed in. You can close this page.\n');
          resolve(code);
        } else {
          response.end('The sign-in failed. See the terminal for details.\n');
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

/** The code in an answer, or the error for an answer that cannot be used. */
function readCode(answer: URLSearchParams, { issuer, hasIssuer }: ExpectedAnswer): string | CliError {
  const repeated = ['state', 'code', 'error', 'iss'].find((name) => answer.getAll(name).length > 1);
  if (repeated !== undefined) return new CliError(`the answer has ${repeated} more than once, so it was manipulated; nothing was sent`);
  const sender = answer.get('iss');
  // RFC 9207: exactly the issuer of the metadata, in refusals too. Without it, the answer could be another sign-in page's.
  if (sender === null && hasIssuer) {
    return new CliError(`the answer has no iss, although ${quoted(issuer)} announces one; nothing was sent`);
  }
  if (sender !== null && sender !== issuer) {
    return new CliError(`the answer is from the issuer ${quoted(sender)}, not from ${quoted(issuer)}; nothing was sent`);
  }
  const reason = answer.get('error_description') ?? answer.get('error') ?? '';
  return answer.get('code') ?? new CliError(`the sign-in was refused: ${shortLine(reason)}`);
}
