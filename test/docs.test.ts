import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, problemsOf } from './config/deploy-toml';
import { isTable } from '../src/config/diagnostics/source';
import { parse } from '../src/util/smol-toml';

/** A block of TOML of a document, and the warnings that the document says it gives: in a comment `<!-- warns: text -->` on the line before it. */
interface Block {
  readonly place: string;
  readonly toml: string;
  readonly warnings: readonly string[];
}

const root = join(__dirname, '..');

function documents(): string[] {
  const under = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf-8' }).map((path) => join(folder, path));
  return ['README.md', ...[...under('docs'), ...under('templates')].filter((path) => path.endsWith('.md') && !path.includes('node_modules'))];
}

function blocksOf(path: string, text: string): Block[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    if (!/^\s*(```|~~~)\s*toml\b/i.test(line)) return [];
    const fence = line.trim().slice(0, 3);
    const length = lines.slice(start + 1).findIndex((each) => each.trim() === fence);
    const warns = /^<!-- warns: (.+) -->$/.exec(lines[start - 1] ?? '')?.[1];
    return [{ place: `${path}:${start + 1}`, toml: lines.slice(start + 1, start + 1 + length).join('\n'), warnings: warns === undefined ? [] : [warns] }];
  });
}

/** A fragment with what every file must say, where it does not say it. */
function completed(toml: string): string {
  const { aws, server } = parse(toml);
  const inTable = (text: string, name: string, table: unknown, key: string, line: string) => {
    if (table === undefined) return `${text}\n[${name}]\n${line}\n`;
    return isTable(table) && !(key in table) ? text.replace(new RegExp(`^\\[${name}\\].*$`, 'm'), (header) => `${header}\n${line}`) : text;
  };
  return inTable(inTable(toml, 'aws', aws, 'region', 'region = "eu-central-1"'), 'server', server, 'name', 'name = "weather"');
}

const blocks = documents().flatMap((path) => blocksOf(path, readFileSync(join(root, path), 'utf-8')));

describe('every TOML block of the documents is a deploy.toml that is loaded', () => {
  test('they are found', () => {
    const files = new Set(blocks.map(({ place }) => place.split(':')[0]));
    expect([...files]).toEqual(expect.arrayContaining(['README.md', join('docs', 'auth.md'), join('docs', 'operations.md'), join('docs', 'permissions.md')]));
  });

  test.each(blocks.map((block) => [block.place, block] as const))('%s', (_, { toml, warnings }) => {
    const text = completed(toml);
    const file = load(text);
    const found = file.stages.flatMap((stage) => load(text, stage).warnings.map(({ message }) => message.split('\n')[0].replace(/^.*?:\d+:\d+: /, '')));
    expect([...new Set(found)]).toEqual(warnings);
  });

  test('one that is wrong is refused', () => {
    const [{ toml }] = blocksOf('x.md', 'Text\n```toml\n[[iam.tables]]\nname = "forecasts"\nactions = ["read"]\n```\n');
    expect(problemsOf(completed(toml))).toEqual(['FILE:3:11: iam.tables[0].actions must be one of "read", "write", "readwrite"; received ["read"]']);
  });
});
