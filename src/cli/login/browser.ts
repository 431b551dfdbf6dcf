import { spawn } from 'node:child_process';
import { secureUrl } from '../util/secure-url';

/**
 * Open a page in the user's browser, if there is one.
 *
 * @throws CliError for a URL that is not of a page: systems start programs for such URLs
 */
export function openBrowser(url: string): void {
  const [program, ...args] = opener(secureUrl(url, 'the page to open'));
  const child = spawn(program, args, { stdio: 'ignore', detached: true, env: process.env });
  // The address is printed too.
  child.once('error', () => undefined);
  child.unref();
}

function opener(url: string): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url];
    case 'win32':
      // Not "start": the shell would interpret the "&" of the address.
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    default:
      return ['xdg-open', url];
  }
}
