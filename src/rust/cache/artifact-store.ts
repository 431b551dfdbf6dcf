import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync, constants, copyFileSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync,
  statSync, utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../util/cache-dir';
import { isExecutable } from '../../util/files';

/** A file of an artifact. */
export interface StoredFile {
  /** Relative to the artifact, with `/` on every system. */
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
}

/** What a build left, in the store. */
export interface StoredBundle {
  /** A hash of the content. */
  readonly id: string;
  readonly files: StoredFile[];
}

/** What becomes the asset. */
export interface Artifact {
  /** What the asset hash is made from. */
  readonly hash: string;
  readonly files: StoredFile[];
  /** Where a complete copy is. */
  readonly path: string;
}

/** The place of a bundle in the store. */
export function storedPath(id: string): string {
  return join(cacheFolder(), 'bundles', id);
}

/** Notes that a bundle is in use, so that it is kept. */
export function touch(folder: string): void {
  const now = Date.now();
  if (now - statSync(folder).mtimeMs > 24 * 3600_000) {
    utimesSync(folder, now / 1000, now / 1000);
  }
}

/** The files in a folder, sorted, without following symbolic links to folders. */
export function listFiles(folder: string, prefix = ''): StoredFile[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      return listFiles(join(folder, entry.name), `${path}/`);
    }
    const stat = statSync(join(folder, entry.name));
    return [{ path, size: stat.size, executable: isExecutable(join(folder, entry.name)) }];
  });
}

/** Whether a folder has all files of an artifact, in full size. */
export function isComplete(folder: string, files: StoredFile[]): boolean {
  return files.length > 0 && files.every((file) => lstatSync(join(folder, file.path), { throwIfNoEntry: false })?.size === file.size);
}

/**
 * Copies a folder to a place where it appears complete or not at all, whatever happens in between, and whoever does the same.
 */
export function publish(from: string, to: string, files: StoredFile[]): void {
  if (isComplete(to, files)) {
    return;
  }
  const temporary = `${to}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
  try {
    for (const file of files) {
      const target = join(temporary, file.path);
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(from, file.path), target, constants.COPYFILE_FICLONE);
      flush(target);
    }
    moveInto(temporary, to, files);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What is renamed before it is on the disk could be empty after a power cut. */
function flush(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function moveInto(temporary: string, to: string, files: StoredFile[]): void {
  if (existsSync(to) && !isComplete(to, files)) {
    // Never finished, by whoever began it: out of the way in one step.
    const broken = `${temporary}.old`;
    renameSync(to, broken);
    rmSync(broken, { recursive: true, force: true });
  }
  try {
    renameSync(temporary, to);
  } catch (error) {
    // Somebody else was faster, with the same content.
    if (!isComplete(to, files)) {
      throw error;
    }
  }
}

/** A hash of the content of files, for assets that are known by their output. */
export function hashFiles(folder: string, files: StoredFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file.path}\0${file.executable}\0${file.size}\0`).update(readFileSync(join(folder, file.path)));
  }
  return hash.digest('hex');
}
