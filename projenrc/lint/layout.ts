import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import * as ts from 'typescript';
import { ROOT, sourceFiles } from './sources';

/*
 * Refuses what ESLint's rules do not see: circles of type imports, crowded folders, and long lines in comments and strings.
 */

export const MAX_FILES_IN_A_FOLDER = 15;
export const MAX_LINE_LENGTH = 140;

/** The files that a source imports by relative paths, type imports and `import()` included. */
export function importsOf(file: string, text: string, files: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const add = (specifier: ts.Node | undefined) => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier) || !specifier.text.startsWith('.')) return;
    const path = posix.join(posix.dirname(file), specifier.text);
    const target = [`${path}.ts`, `${path}/index.ts`].find((candidate) => files.has(candidate));
    if (target !== undefined) found.add(target);
  };
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return [...found];
}

/** Finds groups of nodes that reach each other: the strongly connected components with more than one node, by Tarjan's algorithm. */
export function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const result: string[][] = [];
  const visit = (node: string) => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      else if (!stack.includes(next)) continue;
      lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) result.push(group.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return result;
}

/** Finds violations of the layout, one line each. */
export function layoutErrors(sources: ReadonlyMap<string, string>): string[] {
  const files = new Set(sources.keys());
  const imports = new Map([...sources].map(([file, text]) => [file, importsOf(file, text, files)]));
  const folders = new Map<string, number>();
  for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  return [
    ...circles(imports).map((group) => `these files import each other, directly or through others: ${group.join(', ')}`),
    ...[...folders].filter(([, count]) => count > MAX_FILES_IN_A_FOLDER)
      .map(([folder, count]) => `${folder} has ${count} files, more than ${MAX_FILES_IN_A_FOLDER}: group them in folders`),
    ...[...sources].flatMap(([file, text]) => longLines(file, text)),
  ];
}

function longLines(file: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => (
    line.length > MAX_LINE_LENGTH ? [`${file}:${index + 1}: ${line.length} characters; at most ${MAX_LINE_LENGTH} are allowed`] : []
  ));
}

if (require.main === module) {
  const errors = layoutErrors(new Map(sourceFiles().map((file) => [file, readFileSync(join(ROOT, file), 'utf-8')])));
  for (const error of errors) console.error(error);
  if (errors.length > 0) process.exitCode = 1;
}
