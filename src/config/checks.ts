import { UNHEEDED } from './honoured';
import type { Finding } from './issues';
import { dotted } from './issues';
import type { Deployment } from './schema';
import { isTable, type Path, type Source } from './source';

/** The API gateway gives up after 30 seconds; the function should answer before. */
const LONGEST_ANSWER_SECONDS = 29;

/** What should be said about a deployment that is valid. */
export function warnings(deployment: Deployment, source: Source): Finding[] {
  return [...longTimeout(deployment, source), ...unheeded(source)];
}

function longTimeout({ server }: Deployment, source: Source): Finding[] {
  if (server.timeout_seconds <= LONGEST_ANSWER_SECONDS) return [];
  const path = source.origin(['server', 'timeout_seconds']);
  return [{
    path,
    text: `${dotted(path)} is ${server.timeout_seconds}, but the API gateway gives up after 30 seconds: a request that takes longer than `
      + `${LONGEST_ANSWER_SECONDS} fails for the client while the function runs on and is paid for; ${LONGEST_ANSWER_SECONDS} lets the function answer first`,
  }];
}

function unheeded(source: Source): Finding[] {
  return UNHEEDED.flatMap(({ path, why, unless }) => {
    const value = valueAt(source.table, path);
    return value === undefined || unless?.(value) ? [] : [{ path: source.origin(path), text: `${dotted(source.origin(path))} ${why}`, aboutKey: true }];
  });
}

function valueAt(table: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => isTable(value) ? value[key] : undefined, table);
}
