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

/** The output of a build, in the store. */
export interface StoredBundle {
  /** Hash of the content. */
  readonly id: string;
  readonly files: StoredFile[];
}

/** The folder that becomes the asset. */
export interface Artifact {
  /** The hash that the CDK gets. */
  readonly hash: string;
  readonly files: StoredFile[];
  /** Path of a complete copy. */
  readonly path: string;
}

/** Return the folder of a bundle in the store. */
export function storedPath(id: string): string {
  return join(cacheFolder(), 'bundles', id);
}

/** Mark a bundle as used, so that it is not removed. */
export function markUsed(folder: string): void {
  const now = Date.now();
  if (now - statSync(folder).mtimeMs > 24 * 3600_000) {
    utimesSync(folder, now / 1000, now / 1000);
  }
}

/** List the files in a folder, sorted. Symbolic links to folders are not followed. */
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

/** Return true if a folder has all files of an artifact in their full size. */
export function isComplete(folder: string, files: StoredFile[]): boolean {
  return files.length > 0 && files.every((file) => lstatSync(join(folder, file.path), { throwIfNoEntry: false })?.size === file.size);
}

/**
 * Copy a folder so that the copy appears complete or not at all, also if this process is killed or another process copies the same.
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

/** A file that is renamed before its content is on the disk can be empty after a power failure. */
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
    // An interrupted copy. It is moved away in one step.
    const broken = `${temporary}.old`;
    renameSync(to, broken);
    rmSync(broken, { recursive: true, force: true });
  }
  try {
    renameSync(temporary, to);
  } catch (error) {
    // Another process was faster, with the same content.
    if (!isComplete(to, files)) {
      throw error;
    }
  }
}

/** Hash the files of a folder: paths, content and permissions. */
export function hashFiles(folder: string, files: StoredFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file.path}\0${file.executable}\0${file.size}\0`).update(readFileSync(join(folder, file.path)));
  }
  return hash.digest('hex');
}
