import type * as z from 'zod';
import { dotted, type Finding } from '../diagnostics/issues';
import { isTable, MAX_DEPTH, type Path, type Table } from '../diagnostics/source';

/** As often is more left out of a file: the faulty values, what they are in, and what that is in. */
const MAX_PASSES = 3;

/** Stands for a region that is faulty or missing; what is said about regions is not said about this one. */
export const UNKNOWN_REGION = 'xx-unknown-1';

/** A file without its faulty parts, so that the rest can be checked all the same; nothing where too little is left. */
export function dropInvalid<T>(table: Table, parse: (table: Table) => z.ZodSafeParseResult<T>): T | undefined {
  const copy = copyOf(table) as Table;
  for (let round = 0; round <= MAX_PASSES; round++) {
    const result = parse(copy);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const path = issue.path as Path;
      const faulty = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path.slice(0, Math.max(1, path.length - round))];
      for (const each of faulty) leaveOut(copy, each);
    }
    fillIn(copy, 'aws', 'region', UNKNOWN_REGION);
    fillIn(copy, 'server', 'name', 'unknown');
  }
  return undefined;
}

/** Deeper than a file's keys are, nothing is copied. */
function copyOf(value: unknown, depth: number = 0): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((element) => copyOf(element, depth + 1));
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member, depth + 1)])) : value;
}

/** An array is left out as a whole: with an element less, the others would have the places of their neighbours. */
function leaveOut(table: Table, path: Path): void {
  const end = path.findIndex((key) => typeof key === 'number');
  const keys = (end < 0 ? path : path.slice(0, end)) as string[];
  const parent = keys.slice(0, -1).reduce<unknown>((value, key) => isTable(value) ? value[key] : undefined, table);
  if (isTable(parent)) delete parent[keys[keys.length - 1]];
}

function fillIn(table: Table, name: string, key: string, value: string): void {
  const members = table[name] ??= {};
  if (isTable(members)) members[key] ??= value;
}

/** Whether a finding might be due to a fault, rather than to what stands in the file beside it. */
export function isConsequenceOf(finding: Finding, faults: readonly Finding[]): boolean {
  return faults.some(({ path, text }) => {
    const fault = plain(path);
    // The table that a faulty value is in was perhaps left out with it.
    const parts = fault.map((_, index) => dotted(fault.slice(0, index + 1))).slice(fault.length > 1 ? 1 : 0);
    return parts.some((part) => finding.text.includes(part)) || (text.startsWith('unknown key') && fault[0] === plain(finding.path)[0]);
  });
}

/** A path without the stage and the server that it is of. */
function plain(path: Path): Path {
  const forStage = path[0] === 'stages' ? path.slice(2) : path;
  return forStage[0] === 'servers' ? forStage.slice(2) : forStage;
}
