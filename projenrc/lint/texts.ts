import { extname } from 'node:path';
import * as ts from 'typescript';

/*
 * Finds the texts in a source that people read: comments, docstrings and messages.
 */

/** A part of a source that people read. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly isComment: boolean;
}

/** Stands for a character of code, so that no rule matches across it. */
const CODE = '\0';
const hide = (text: string) => text.replace(/\S/g, CODE);

/** Inline code on one line; the fence of a code block has three backticks. */
const INLINE_CODE = /(?<!`)(`{1,2})(?!`)[^\n]*?[^`\n]\1(?!`)/g;
const LINK_TARGET = /(?<=\]\()[^)\s]+/g;
const ADDRESS = /https?:\/\/[^\s)>\]'"`]+/g;

/** Comments and strings. A match with the group `code` is neither. */
const PYTHON = /"""[^]*?"""|'''[^]*?'''|#[^\n]*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g;
const RUST = /\/\/[^\n]*|\/\*[^]*?\*\/|r(#*)"[^]*?"\1|"(?:\\[^]|[^"\\])*"|(?<code>'(?:\\.|[^'\\\n])')/g;

/**
 * The texts of a file, at their own places: code, addresses and inline code are hidden.
 *
 * A string without a space is a name, not a text, and is hidden too. Strings that are joined by `+` are one text.
 */
export function readableTexts(file: string, source: string): string {
  switch (extname(file)) {
    case '.md':
      return withoutCode(source);
    case '.ts':
    case '.cjs':
      return keep(source, partsOfTypeScript(file, source));
    case '.py':
      return keep(source, partsOf(source, PYTHON));
    case '.rs':
      return keep(source, partsOf(source, RUST));
    default:
      return source.replace(ADDRESS, hide);
  }
}

function withoutCode(text: string): string {
  return [INLINE_CODE, LINK_TARGET, ADDRESS].reduce((result, pattern) => result.replace(pattern, hide), text);
}

function partsOf(source: string, pattern: RegExp): Part[] {
  return [...source.matchAll(pattern)].filter((match) => match.groups?.code === undefined).map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    isComment: /^(#|\/)/.test(match[0]),
  }));
}

function partsOfTypeScript(file: string, source: string): Part[] {
  const parts: Part[] = [];
  const visit = (node: ts.Node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (isText) parts.push({ from: node.getStart(), to: node.getEnd(), isComment: false });
    // Tokens have the comments before closing brackets, which belong to no other node.
    node.getChildren().forEach(visit);
    const before = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [];
    const after = ts.getTrailingCommentRanges(source, node.getEnd()) ?? [];
    parts.push(...[...before, ...after].map(({ pos, end }) => ({ from: pos, to: end, isComment: true })));
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return parts;
}

/** Hides everything but the parts. */
function keep(source: string, parts: readonly Part[]): string {
  let result = '';
  let end = 0;
  for (const part of [...parts].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (part.from < end) continue;
    const between = source.slice(end, part.from);
    const text = source.slice(part.from, part.to);
    const isJoined = !part.isComment && /['"`]$/.test(result) && /^\s*\+\s*$/.test(between) && /^['"`]/.test(text);
    if (!isJoined && !part.isComment && !/\s/.test(text)) continue;
    result = isJoined
      ? `${result.slice(0, -1)} ${between.replace('+', ' ')} ${text.slice(1)}`
      : result + hide(between) + (part.isComment ? withoutCode(text) : text.replace(ADDRESS, hide));
    end = part.to;
  }
  return result + hide(source.slice(end));
}
