import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the repository. */
export const ROOT = join(__dirname, '..', '..');

/** The TypeScript files in `src`, relative to the root of the repository, with slashes. */
export function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf-8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file.replace(/\\/g, '/')}`);
}

/** The folders of these files and all folders above them, sorted, without `.`. */
export function foldersOf(files: readonly string[]): string[] {
  const folders = new Set<string>();
  for (const file of files) {
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}
