import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

/** The TypeScript files in `src`, from the root of the repository, with slashes. */
export function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf-8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file.replace(/\\/g, '/')}`);
}
