import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync, chmodSync, closeSync, constants, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** How a file is written. */
export interface WriteOptions {
  /**
   * The permissions of the file, whatever the umask is.
   *
   * @default - those of a new file
   */
  readonly mode?: number;

  /**
   * If true, the content is on the disk before the file appears, so that it survives a power failure.
   *
   * @default false
   */
  readonly flush?: boolean;
}

/** Write a file that appears complete or not at all. Create its folder if it is missing. A link at the path is replaced. */
export function writeAtomic(file: string, content: string, { mode, flush = false }: WriteOptions = {}): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  try {
    // Private until it has its own permissions.
    writeFileSync(draft, content, { mode: mode === undefined ? 0o666 : 0o600, flag: 'wx', flush });
    if (mode !== undefined) {
      chmodSync(draft, mode);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Hash the content of a file, in constant memory. */
export function hashFile(path: string): string {
  const hash = createHash('sha256');
  const handle = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(65536);
    for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) {
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(handle);
  }
  return hash.digest('hex');
}

/** Hash a text. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Return true for a file that the current user may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** List a folder and those above it, the nearest first. */
export function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

/**
 * Search a folder and those above it, the nearest first.
 *
 * @param find returns the result for a folder, or undefined to continue in the folder above
 * @param last the last folder to search, by default the root of the file system
 */
export function findUp<T>(from: string, find: (folder: string) => T | undefined, last?: string): T | undefined {
  for (const folder of ancestors(resolve(from))) {
    const found = find(folder);
    if (found !== undefined || folder === last) {
      return found;
    }
  }
  return undefined;
}
