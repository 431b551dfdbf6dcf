import { type AST, parseTOML } from 'toml-eslint-parser';
import { MAX_DEPTH, type Path } from './source';

/** A range in a file. Lines and columns begin at 1; the end is after the last character. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The positions of the keys and values of a TOML file. */
export class Positions {
  private readonly keys = new Map<string, Range>();
  private readonly values = new Map<string, Range>();

  constructor(text: string) {
    for (const node of parseTOML(text, { tomlVersion: 'latest' }).body[0].body) {
      this.visit(node, []);
    }
  }

  /** The position of a value; for a table, of its header. */
  value(path: Path): Range | undefined {
    return this.values.get(JSON.stringify(path));
  }

  /** The position of a key. */
  key(path: Path): Range | undefined {
    return this.keys.get(JSON.stringify(path));
  }

  private visit(node: AST.TOMLKeyValue | AST.TOMLTable, base: Path): void {
    if (node.type === 'TOMLTable') {
      this.addKeys(node.resolvedKey, node.key.keys);
      for (const member of node.body) this.visit(member, node.resolvedKey);
    } else {
      const path = [...base, ...node.key.keys.map((key) => key.type === 'TOMLBare' ? key.name : key.value)];
      this.addKeys(path, node.key.keys);
      this.visitValue(node.value, path);
    }
  }

  /** Record each key of a path: in `[a.b]` both `a` and `b`. An index of `[[a]]` has no key. */
  private addKeys(path: Path, keys: readonly AST.TOMLNode[]): void {
    if (path.length > MAX_DEPTH + 1) return;
    let next = keys.length - 1;
    for (let length = path.length; length > 0 && next >= 0; length--) {
      const id = JSON.stringify(path.slice(0, length));
      const range = rangeOf(keys[next]);
      const last = next === keys.length - 1;
      if (last || !this.keys.has(id)) this.keys.set(id, range);
      if (!this.values.has(id)) this.values.set(id, range);
      if (typeof path[length - 1] === 'string') next--;
    }
  }

  private visitValue(node: AST.TOMLContentNode, path: Path): void {
    if (path.length > MAX_DEPTH + 1) return;
    this.values.set(JSON.stringify(path), rangeOf(node));
    if (node.type === 'TOMLInlineTable') {
      for (const member of node.body) this.visit(member, path);
    } else if (node.type === 'TOMLArray') {
      node.elements.forEach((element, index) => this.visitValue(element, [...path, index]));
    }
  }
}

function rangeOf({ loc }: AST.TOMLNode): Range {
  return { line: loc.start.line, column: loc.start.column + 1, endLine: loc.end.line, endColumn: loc.end.column + 1 };
}
