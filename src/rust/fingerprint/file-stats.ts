import { BigIntStats, statSync } from 'node:fs';
import { hashFile } from '../../util/files';

/** A file as it was seen: enough to know, without reading it, that it is still the same. */
export interface SeenFile {
  readonly path: string;
  /** Of the content; undefined when there was no file. */
  readonly hash?: string;
  /** Of the file's size, times and place on the disk; empty when the file was too fresh to trust its times. */
  readonly stamp: string;
}

/** A file that was written this recently may be written again without a visible change of its times, in milliseconds. */
const FRESH = 2000n;

/** Looks at files, each once. */
export class Files {
  private readonly stats = new Map<string, BigIntStats | undefined>();
  private readonly hashes = new Map<string, string>();

  /** The file as it is now. */
  public see(path: string): SeenFile {
    const stat = this.stat(path);
    return stat ? { path, hash: this.hash(path), stamp: this.stamp(path) } : { path, stamp: '' };
  }

  /** Whether a file is as it was seen. Reads its content only when its times do not tell. */
  public isSame(seen: SeenFile): boolean {
    const stat = this.stat(seen.path);
    if (!stat || seen.hash === undefined) {
      return !stat && seen.hash === undefined;
    }
    if (seen.stamp !== '' && seen.stamp === this.stamp(seen.path)) {
      this.hashes.set(seen.path, seen.hash);
      return true;
    }
    return this.hash(seen.path) === seen.hash;
  }

  /** The hash of a file that exists. */
  public hash(path: string): string {
    let hash = this.hashes.get(path);
    if (hash === undefined) {
      hash = hashFile(path);
      this.hashes.set(path, hash);
    }
    return hash;
  }

  /** The size, times and place of a file, or nothing when they may not show the next change. */
  public stamp(path: string): string {
    const stat = this.stat(path)!;
    const changed = stat.mtimeMs > stat.ctimeMs ? stat.mtimeMs : stat.ctimeMs;
    return BigInt(Date.now()) - changed < FRESH ? '' : `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}`;
  }

  /** Whether a file was written after a moment, in milliseconds. */
  public isNewer(path: string, moment: number): boolean {
    const stat = this.stat(path);
    // The clock of the file system lags behind by some milliseconds.
    return stat !== undefined && (Number(stat.mtimeMs) >= moment - 10 || Number(stat.ctimeMs) >= moment - 10);
  }

  /** The regular file at a path, if there is one. */
  public stat(path: string): BigIntStats | undefined {
    if (!this.stats.has(path)) {
      let stat: BigIntStats | undefined;
      try {
        stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      } catch {
        // A folder on the way is a file, or may not be read: there is nothing that cargo could read either.
      }
      this.stats.set(path, stat?.isFile() ? stat : undefined);
    }
    return this.stats.get(path);
  }

  /** Forgets what was seen, after something may have changed files. */
  public forget(): void {
    this.stats.clear();
    this.hashes.clear();
  }
}
