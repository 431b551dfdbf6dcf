import type * as z from 'zod';
import { dotted, type Finding } from '../diagnostics/issues';
import { isTable, MAX_DEPTH, type Path, type Table } from '../diagnostics/source';

/** Validation passes. Each drops one more enclosing level around the invalid values. */
const MAX_PASSES = 3;

/** Placeholder for an invalid or missing region. Rules about regions do not apply to it. */
export const UNKNOWN_REGION = 'xx-unknown-1';

/** A file without its invalid parts, so that the rest can be checked. Undefined if too little is left. */
export function dropInvalid<T>(table: Table, parse: (table: Table) => z.ZodSafeParseResult<T>): T | undefined {
  const copy = copyOf(table) as Table;
  for (let round = 0; round <= MAX_PASSES; round++) {
    const result = parse(copy);
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const path = issue.path as Path;
      const invalid = issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => [...path, key])
        : [path.slice(0, Math.max(1, path.length - round))];
      for (const each of invalid) remove(copy, each);
    }
    fillIn(copy, 'aws', 'region', UNKNOWN_REGION);
    fillIn(copy, 'server', 'name', 'unknown');
  }
  return undefined;
}

/** A copy, down to the depth of the deepest keys. */
function copyOf(value: unknown, depth: number = 0): unknown {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((element) => copyOf(element, depth + 1));
  return isTable(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member, depth + 1)])) : value;
}

/** Remove a value. An array is removed as a whole, so that the indexes of its other elements stay the same. */
function remove(table: Table, path: Path): void {
  const end = path.findIndex((key) => typeof key === 'number');
  const keys = (end < 0 ? path : path.slice(0, end)) as string[];
  const parent = keys.slice(0, -1).reduce<unknown>((value, key) => isTable(value) ? value[key] : undefined, table);
  if (isTable(parent)) delete parent[keys[keys.length - 1]];
}

function fillIn(table: Table, name: string, key: string, value: string): void {
  const members = table[name] ??= {};
  if (isTable(members)) members[key] ??= value;
}

/** If a finding may only be a consequence of an invalid value. */
export function isConsequenceOf(finding: Finding, faults: readonly Finding[]): boolean {
  return faults.some(({ path, text }) => {
    const fault = withoutLayer(path);
    // The table around an invalid value may have been removed with it.
    const parts = fault.map((_, index) => dotted(fault.slice(0, index + 1))).slice(fault.length > 1 ? 1 : 0);
    const isOfSameTable = fault[0] === withoutLayer(finding.path)[0];
    return parts.some((part) => finding.text.includes(part)) || (text.startsWith('unknown key') && isOfSameTable);
  });
}

/** A path without its stage and server. */
function withoutLayer(path: Path): Path {
  const forStage = path[0] === 'stages' ? path.slice(2) : path;
  return forStage[0] === 'servers' ? forStage.slice(2) : forStage;
}
