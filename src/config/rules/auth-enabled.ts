import { dotted, type Finding, show } from '../diagnostics/issues';
import { isTable, type Path, type Source, type Table } from '../diagnostics/source';

/**
 * Report an `[auth]` table without `enabled`. Its author expects a protected server, but the server would be public.
 *
 * A table of a stage or of one of several servers may inherit `enabled`, but not if its own keys would have no effect then.
 */
export function enabledErrors(source: Source): Finding[] {
  const { auth } = source.table;
  if (!isTable(auth)) return [];
  const keys = Object.keys(auth).filter((key) => key !== 'enabled');
  if (keys.length === 0) return [];
  const place = source.origin(['auth', 'enabled']);
  if (auth.enabled === undefined) {
    return [missing(place, `[${dotted(place.slice(0, -1))}] has ${keys.map(show).join(', ')}, but does `
    + 'not say if clients must sign in')];
  }
  if (auth.enabled !== false) return [];
  const later = leaves(auth, ['auth']).map((path) => source.origin(path)).find((origin) => layer(origin) > layer(place));
  if (later === undefined) return [];
  const table = later.slice(0, later.indexOf('auth') + 1);
  return [missing([...table, 'enabled'], `[${dotted(table)}] sets ${dotted(later.slice(table.length))}, but ${dotted(place)} is false`)];
}

function missing(path: Path, why: string): Finding {
  return { path, text: `${dotted(path)} is missing: ${why}; set enabled = true, or enabled = false for a public server` };
}

/** The paths of all values in a table, and of empty tables. */
function leaves(table: Table, at: Path): Path[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const path = [...at, key];
    return isTable(value) && Object.keys(value).length > 0 ? leaves(value, path) : [path];
  });
}

/** The layer of the table that has the key: a stage overrides the file, and a server overrides its stage. */
function layer(path: Path): number {
  const forStage = path[0] === 'stages';
  return (forStage ? 1 : 0) + (path[forStage ? 2 : 0] === 'servers' ? 2 : 0);
}
