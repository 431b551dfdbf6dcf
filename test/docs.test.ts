import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { load, problemsOf } from './config/deploy-toml';
import { isTable } from '../src/config/diagnostics/source';
import { parse } from '../src/util/smol-toml';

/** A block of TOML in a document, and the warnings that it causes: stated in a comment `<!-- warns: text -->` on the line before it. */
interface Block {
  readonly place: string;
  readonly toml: string;
  readonly warnings: readonly string[];
}

const root = join(__dirname, '..');

function documents(): string[] {
  const under = (folder: string) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf-8' })
    .map((path) => join(folder, path))
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules'));
  return ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...under('docs'), ...under('templates')];
}

function blocksOf(path: string, text: string): Block[] {
  const lines = text.split('\n');
  return lines.flatMap((line, start) => {
    if (!/^\s*(```|~~~)\s*toml\b/i.test(line)) return [];
    const fence = line.trim().slice(0, 3);
    const length = lines.slice(start + 1).findIndex((each) => each.trim() === fence);
    const warns = /^<!-- warns: (.+) -->$/.exec(lines[start - 1] ?? '')?.[1];
    return [{
      place: `${path}:${start + 1}`,
      toml: lines.slice(start + 1, start + 1 + length).join('\n'),
      warnings: warns === undefined ? [] : [warns],
    }];
  });
}

/** Adds the required keys that a fragment lacks. */
function completed(toml: string): string {
  const { aws, server } = parse(toml);
  const inTable = (text: string, name: string, table: unknown, key: string, line: string) => {
    if (table === undefined) return `${text}\n[${name}]\n${line}\n`;
    return isTable(table) && !(key in table) ? text.replace(new RegExp(`^\\[${name}\\].*$`, 'm'), (header) => `${header}\n${line}`) : text;
  };
  return inTable(inTable(toml, 'aws', aws, 'region', 'region = "eu-central-1"'), 'server', server, 'name', 'name = "weather"');
}

const read = (path: string) => readFileSync(join(root, path), 'utf-8');

const blocks = documents().flatMap((path) => blocksOf(path, read(path)));

describe('every TOML block of the documents is a deploy.toml that is loaded', () => {
  test('they are found', () => {
    const files = new Set(blocks.map(({ place }) => place.split(':')[0]));
    const pages = ['auth.md', 'operations.md', 'permissions.md'].map((page) => join('docs', page));
    expect([...files]).toEqual(expect.arrayContaining(['README.md', ...pages]));
  });

  test.each(blocks.map((block) => [block.place, block] as const))('%s', (_, { toml, warnings }) => {
    const text = completed(toml);
    const file = load(text);
    const found = file.stages.flatMap((stage) => load(text, stage).warnings)
      .map(({ message }) => message.split('\n')[0].replace(/^.*?:\d+:\d+: /, ''));
    expect([...new Set(found)]).toEqual(warnings);
  });

  test('one that is wrong is refused', () => {
    const [{ toml }] = blocksOf('x.md', 'Text\n```toml\n[[iam.tables]]\nname = "forecasts"\nactions = ["read"]\n```\n');
    expect(problemsOf(completed(toml)))
      .toEqual(['FILE:3:11: iam.tables[0].actions must be one of "read", "write", "readwrite"; received ["read"]']);
  });
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  const headings = [...read(path).replace(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)];
  return headings.map(([, heading]) => (
    heading.toLowerCase().replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[^\p{L}\p{N}_\- ]/gu, '').replace(/ /g, '-')
  ));
}

/** The links of a page to other files, and to headings. */
function linksOf(path: string): string[] {
  const text = read(path).replace(/^```[^]*?^```/gm, '');
  return [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link]) => link);
}

/** The links in templates are those of a scaffolded project. */
const isTemplate = (path: string) => path.startsWith('templates');

describe('every link in the documents has a target', () => {
  test.each(documents().filter((path) => !isTemplate(path)))('%s', (path) => {
    const broken = linksOf(path).filter((link) => {
      const [file, anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('anchors are those of GitHub', () => {
    expect(anchorsOf(join('docs', 'style.md'))).toEqual(expect.arrayContaining(['style', 'words']));
    expect(anchorsOf(join('docs', 'permissions.md'))).toEqual(expect.arrayContaining(['what-you-need-for-each-command', 'logs']));
  });

  test('every page of docs is in its index', () => {
    const pages = documents().filter((path) => dirname(path) === 'docs').map((path) => basename(path));
    expect(pages.filter((page) => page !== 'README.md' && !linksOf(join('docs', 'README.md')).includes(page))).toEqual([]);
  });
});
