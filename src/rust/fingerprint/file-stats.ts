import { BigIntStats, statSync } from 'node:fs';
import { hashFile } from '../../util/files';

/** Content hash and stat of a file, to detect changes without reading it again. */
export interface SeenFile {
  readonly path: string;
  /** Hash of the content; undefined if there was no file. */
  readonly hash?: string;
  /** Size, times and inode; empty if the file was too new for its times to be trusted. */
  readonly stamp: string;
}

/** A file that is younger than this, in milliseconds, can be written again without a visible change of its times. */
const FRESH_MS = 2000n;

/** The clock of a file system can lag behind by some milliseconds. */
const CLOCK_LAG_MS = 10;

/** Stats and hashes of files, each read once. */
export class FileStats {
  private readonly stats = new Map<string, BigIntStats | undefined>();
  private readonly hashes = new Map<string, string>();

  /** Return the present state of a file. */
  public see(path: string): SeenFile {
    const stat = this.stat(path);
    return stat ? { path, hash: this.hash(path), stamp: this.stamp(path) } : { path, stamp: '' };
  }

  /** Return true if a file has not changed. Reads its content only if its times have changed. */
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

  /** Return the content hash of a file that exists. */
  public hash(path: string): string {
    let hash = this.hashes.get(path);
    if (hash === undefined) {
      hash = hashFile(path);
      this.hashes.set(path, hash);
    }
    return hash;
  }

  /** Return the size, times and inode of a file that exists; an empty text if they may not show the next change. */
  public stamp(path: string): string {
    const stat = this.stat(path)!;
    const changed = stat.mtimeMs > stat.ctimeMs ? stat.mtimeMs : stat.ctimeMs;
    return BigInt(Date.now()) - changed < FRESH_MS ? '' : `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}`;
  }

  /** Return true if a file was written after a time in milliseconds. */
  public isNewer(path: string, time: number): boolean {
    const stat = this.stat(path);
    return stat !== undefined && (Number(stat.mtimeMs) >= time - CLOCK_LAG_MS || Number(stat.ctimeMs) >= time - CLOCK_LAG_MS);
  }

  /** Return the stat of a regular file, or undefined. */
  public stat(path: string): BigIntStats | undefined {
    if (!this.stats.has(path)) {
      let stat: BigIntStats | undefined;
      try {
        stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      } catch {
        // A folder of the path is a file or cannot be read. Cargo cannot read the file either.
      }
      this.stats.set(path, stat?.isFile() ? stat : undefined);
    }
    return this.stats.get(path);
  }

  /** Forget everything. Call this after something may have changed files. */
  public forget(): void {
    this.stats.clear();
    this.hashes.clear();
  }
}
