/** Path of a value: keys and indexes. */
export type Path = readonly (string | number)[];

/** Maximum depth of a key. */
export const MAX_DEPTH = 12;

/** A TOML table. */
export type Table = Record<string, unknown>;

/** A TOML file: its text and its content. */
export interface TomlFile {
  /** Absolute path. */
  readonly path: string;

  /** The path for messages. */
  readonly shownPath: string;

  readonly text: string;
  readonly table: Table;
}

/** If a TOML value is a table. A date is not. */
export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** If a TOML value is an array of tables. */
export function isTableArray(value: unknown): value is Table[] {
  return Array.isArray(value) && value.every(isTable);
}

/** A table composed of parts of the file, which knows the origin of each part. */
export class Source {
  private readonly origins: ReadonlyMap<string, Path>;

  constructor(readonly table: Table, origins: ReadonlyMap<string, Path> = new Map()) {
    this.origins = origins;
  }

  /** The path in the file of a value. */
  origin(path: Path): Path {
    const known = this.origins.get(JSON.stringify(path));
    return known ?? (path.length === 0 ? [] : [...this.origin(path.slice(0, -1)), path[path.length - 1]]);
  }

  /** A copy without some of its keys. */
  without(...keys: string[]): Source {
    return new Source(Object.fromEntries(Object.entries(this.table).filter(([key]) => !keys.includes(key))), this.origins);
  }

  /**
   * A copy that another table overrides: tables are merged, `[[servers]]` by name, and everything else is replaced.
   *
   * @param patch the overriding table
   * @param from the origin of the patch's values in this source
   */
  overlay(patch: Table, from: (path: Path) => Path): Source {
    const origins = new Map(this.origins);
    return new Source(merge(this.table, patch, [], []), origins);

    function merge(base: Table, over: Table, at: Path, patchPath: Path): Table {
      const merged: Table = Object.assign(Object.create(null), base);
      for (const [key, value] of Object.entries(over)) {
        const [here, there] = [[...at, key], [...patchPath, key]];
        const old = merged[key];
        if (isTable(old) && isTable(value)) {
          merged[key] = merge(old, value, here, there);
        } else if (at.length === 0 && key === 'servers' && isTableArray(old) && isTableArray(value)) {
          merged[key] = mergeServers(old, value, here, there);
        } else {
          merged[key] = value;
          origins.set(JSON.stringify(here), from(there));
        }
      }
      return merged;
    }

    function mergeServers(base: Table[], over: Table[], at: Path, patchPath: Path): Table[] {
      const merged = [...base];
      over.forEach((entry, index) => {
        const same = base.findIndex((each) => each.name === entry.name);
        if (same >= 0) {
          merged[same] = merge(merged[same], entry, [...at, same], [...patchPath, index]);
        } else {
          origins.set(JSON.stringify([...at, merged.length]), from([...patchPath, index]));
          merged.push(entry);
        }
      });
      return merged;
    }
  }
}
