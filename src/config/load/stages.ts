import { outputPrefix } from '../../private/outputs';
import { nearest } from '../diagnostics/did-you-mean';
import { dotted, type Finding } from '../diagnostics/issues';
import { isTable, isTableArray, Source, type Table } from '../diagnostics/source';
import { MAX_SERVERS, SERVER_KEYS } from '../schema';

/** The file for a stage: overridden by the stage's table. */
export function forStage(whole: Source, name: string): Source {
  const base = whole.without('stages');
  const table = stageTables(whole)[name];
  return isTable(table) ? base.overlay(table, (path) => ['stages', name, ...path]) : base;
}

/** The tables of the stages by name. */
export function stageTables(whole: Source): Table {
  return isTable(whole.table.stages) ? whole.table.stages : {};
}

/** The file for each server: overridden by the server's entry in `[[servers]]`. */
export function forEachServer(source: Source): Source[] {
  const entries = source.table.servers;
  if (!isTableArray(entries) || entries.length === 0) return [source];
  const base = source.without('servers');
  return entries.slice(0, MAX_SERVERS).map((entry, index) => {
    const keys = Object.entries(entry);
    const own: Table = Object.fromEntries(keys.filter(([key]) => SERVER_KEYS.includes(key)));
    const tables: Table = Object.fromEntries(keys.filter(([key]) => !SERVER_KEYS.includes(key)));
    return base
      .overlay({ server: own }, ([, ...rest]) => source.origin(['servers', index, ...rest]))
      .overlay(tables, (path) => source.origin(['servers', index, ...path]));
  });
}

/** Servers of a stage that are not in `[[servers]]`. A misspelled name would deploy an additional server. */
export function unknownServers(whole: Source): Finding[] {
  const known = whole.table.servers;
  if (!isTableArray(known)) return [];
  const names = known.flatMap(({ name }) => typeof name === 'string' ? [name] : []);
  return Object.entries(stageTables(whole)).flatMap(([stage, table]) => {
    const entries = isTable(table) && isTableArray(table.servers) ? table.servers : [];
    return entries.flatMap(({ name }, index) => {
      const path = ['stages', stage, 'servers', index, 'name'];
      if (name === undefined) return [{ path, text: `${dotted(path)} is missing: set it to the name of one of [[servers]]` }];
      if (typeof name !== 'string' || names.includes(name)) return [];
      const guess = nearest(name, names);
      return [{
        path,
        text: `${dotted(path)} is ${JSON.stringify(name)}, which is not in [[servers]]; `
          + `${guess === undefined ? `there are ${names.join(', ')}` : `did you mean "${guess}"?`}`,
      }];
    });
  });
}

/** Servers with the same prefix of outputs, which has only letters and digits. */
export function duplicateServerNames(source: Source): Finding[] {
  const entries = source.table.servers;
  if (!isTableArray(entries)) return [];
  const first = new Map<string, number>();
  return entries.flatMap(({ name }, index) => {
    if (typeof name !== 'string') return [];
    const prefix = outputPrefix(name);
    const other = first.get(prefix);
    if (other === undefined) {
      first.set(prefix, index);
      return [];
    }
    const path = source.origin(['servers', index, 'name']);
    const others = dotted(source.origin(['servers', other]));
    return [{ path, text: `${dotted(path)} is ${JSON.stringify(name)}, as is the name of ${others}; only letters and digits count` }];
  });
}
