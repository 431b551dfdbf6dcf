import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { Project, SampleFile } from 'projen';
import { template } from './templates';

/** Name of the package in the template. */
const TEMPLATE_NAME = 'my-mcp-server';

/** Write the sample MCP server. Existing files are left unchanged. */
export function addSampleServer(project: Project, root: string, serverName: string) {
  for (const file of ['rustfmt.toml', ...readdirSync(template('server', 'src')).map((source) => posix.join('src', source))]) {
    new SampleFile(project, posix.join(root, file), { sourcePath: template('server', file) });
  }
  for (const [file, rename] of [['Cargo.toml', renameManifest], ['Cargo.lock', renameLock]] as const) {
    new SampleFile(project, posix.join(root, file), { contents: rename(readFileSync(template('server', file), 'utf-8'), serverName) });
  }
}

function renameManifest(text: string, name: string): string {
  return text.replace(`name = "${TEMPLATE_NAME}"`, `name = "${name}"`);
}

/** Rename the package in a Cargo.lock, and keep its packages sorted by name as cargo requires. */
export function renameLock(text: string, name: string): string {
  const [head, ...packages] = text.replace(`name = "${TEMPLATE_NAME}"`, `name = "${name}"`).split('[[package]]');
  const bodies = packages.map((body) => body.trim());
  const key = (body: string) => /name = "(.*)"/.exec(body)?.[1] ?? '';
  // The sort is stable: versions of a package keep their order.
  bodies.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return `${[head.trimEnd(), ...bodies.map((body) => `[[package]]\n${body}`)].join('\n\n')}\n`;
}
