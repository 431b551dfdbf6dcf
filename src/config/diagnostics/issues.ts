import * as z from 'zod';
import { nearest } from './did-you-mean';
import { isTable, type Path } from './source';
import { allowed, sensitive, unwrap } from '../schema/types';

/** A message about a position in the file. */
export interface Finding {
  readonly path: Path;

  /** The message without the position. */
  readonly text: string;

  /** If true, the message is about the key, not its value. */
  readonly aboutKey?: boolean;
}

/** Convert issues of zod to findings. `origin` maps a path in the validated value to one in the file. */
export function findings(schema: z.core.$ZodType, issues: readonly z.core.$ZodIssue[], origin: (path: Path) => Path): Finding[] {
  return issues.flatMap((issue) => {
    const path = issue.path as Path;
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => origin([...path, key])).map((place) => (
          { path: place, text: unknownKey(place, keysOf(schema, path)), aboutKey: true }
        ));
      case 'invalid_key':
        return issue.issues.map((inner) => (
          { path: origin(path), text: invalidKey(origin(path), inner, mapKey(schema, path.slice(0, -1))), aboutKey: true }
        ));
      default:
        return [{ path: origin(path), text: invalidValue(origin(path), issue, typeAt(schema, path)) }];
    }
  });
}

/** A path in dotted form: `server.memory_mb`, `iam.tables[0].name`. */
export function dotted(path: Path): string {
  return path.map((part, index) => {
    if (typeof part === 'number') return `[${part}]`;
    return (index > 0 ? '.' : '') + (/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part));
  }).join('') || 'the file';
}

/** A shortened value for messages. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : short(JSON.stringify(value));
  if (isTable(value)) return 'a table';
  return short(value instanceof Date ? value.toISOString() : JSON.stringify(value) ?? String(value));
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function unknownKey(path: Path, known: readonly string[]): string {
  const key = String(path[path.length - 1]);
  const where = path.length > 1 ? ` in [${dotted(path.slice(0, -1))}]` : '';
  const guess = nearest(key, known);
  return `unknown key ${JSON.stringify(key)}${where}; `
    + `${guess === undefined ? `known are ${known.join(', ')}` : `did you mean "${guess}"?`}`;
}

function invalidKey(path: Path, inner: z.core.$ZodIssue, type: z.core.$ZodType | undefined): string {
  const key = JSON.stringify(path[path.length - 1]);
  const where = `in [${dotted(path.slice(0, -1))}]`;
  if (inner.code === 'custom') return `${key} ${where} ${inner.message}`;
  return `${key} ${where} must be ${(type && allowed.get(type)?.text) ?? 'another name'}`;
}

function invalidValue(path: Path, issue: z.core.$ZodIssue, type: z.core.$ZodType | undefined): string {
  if (issue.code === 'custom') return `${dotted(path)} ${issue.message}`;
  const words = (type && allowed.get(type)?.text) ?? 'something else';
  if (issue.input === undefined && type instanceof z.ZodObject) return `table [${dotted(path)}] is missing`;
  if (issue.input === undefined) return `${dotted(path)} is missing: it must be ${words}`;
  if (type && sensitive.has(type)) return `${dotted(path)} must be ${words}; received something else`;
  return `${dotted(path)} must be ${words}; received ${show(issue.input)}${quotesHint(issue)}`;
}

/** A hint for the most frequent type error in TOML: quotes around a number or a boolean, or missing quotes around a string. */
function quotesHint(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value') return '';
  const { input } = issue;
  if (issue.code === 'invalid_type' && issue.expected === 'string' && (typeof input === 'number' || typeof input === 'boolean')) {
    return ' (put it in quotes)';
  }
  const number = issue.code === 'invalid_type'
    ? issue.expected === 'number' || issue.expected === 'int'
    : typeof issue.values[0] === 'number';
  const boolean = issue.code === 'invalid_type' && issue.expected === 'boolean';
  const quoted = typeof input === 'string' && ((number && /^\d+$/.test(input)) || (boolean && /^(true|false)$/.test(input)));
  return quoted ? ' (leave the quotes out)' : '';
}

/** The type of the value at a path. */
function typeAt(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  let type: z.core.$ZodType | undefined = schema;
  for (const part of path) {
    type = type && member(unwrap(type), part);
  }
  return type && unwrap(type);
}

function member(type: z.core.$ZodType, part: string | number): z.core.$ZodType | undefined {
  if (type instanceof z.ZodObject) return type.shape[part];
  if (type instanceof z.ZodRecord) return type.valueType;
  return type instanceof z.ZodArray ? type.element : undefined;
}

function keysOf(schema: z.core.$ZodType, path: Path): string[] {
  const type = typeAt(schema, path);
  return type instanceof z.ZodObject ? Object.keys(type.shape) : [];
}

function mapKey(schema: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  const type = typeAt(schema, path);
  return type instanceof z.ZodRecord ? type.keyType : undefined;
}
