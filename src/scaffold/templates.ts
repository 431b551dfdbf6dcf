import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The path of a file that the scaffold writes; templates are beside src and lib in the package. */
export function template(...path: string[]): string {
  return join(__dirname, '..', '..', 'templates', ...path);
}

/** The text of a template, with `<names>` replaced. */
export function render(path: string[], values: Record<string, string>): string {
  return readFileSync(template(...path), 'utf-8').replace(/<([a-z-]+)>/g, (placeholder, name) => values[name] ?? placeholder);
}
