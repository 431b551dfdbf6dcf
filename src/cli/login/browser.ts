import { spawn } from 'node:child_process';
import { secureUrl } from '../util/secure-url';

/**
 * Opens a page in the user's browser, where there is one.
 *
 * @throws CliError for what is not a page: systems start programs for other URLs
 */
export function openBrowser(url: string): void {
  const [program, ...args] = opener(secureUrl(url, 'the page to open'));
  const child = spawn(program, args, { stdio: 'ignore', detached: true, env: process.env });
  // The address is on the terminal too.
  child.once('error', () => undefined);
  child.unref();
}

function opener(url: string): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      // Not "start": the shell would read the "&" of the address.
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default:
      return ['xdg-open', url];
  }
}
