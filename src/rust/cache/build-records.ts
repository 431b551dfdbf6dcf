import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoredBundle } from './artifact-store';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';
import { Versions } from '../cargo/toolchain';
import { FileStats, SeenFile } from '../fingerprint/file-stats';
import { Inputs } from '../fingerprint/inputs';
import { listedFiles, Listing } from '../fingerprint/listing';

/** A build in the cache, with all that is needed to detect, without cargo, that it is up to date. */
export interface BuildRecord {
  readonly fingerprint: string;
  readonly versions: Versions;
  readonly seen: SeenFile[];
  readonly listings: { readonly listing: Listing; readonly hash: string }[];
  /** Hashes of the values of environment variables; null if one was not set. */
  readonly env: { readonly [name: string]: string | null };
  readonly bundle: StoredBundle;
}

/** Number of builds that are kept for each binary, so that switching between git branches does not build again. */
const MAX_RECORDS = 4;

/** Create the record of a finished build. */
export function makeRecord(
  fingerprint: string, versions: Versions, inputs: Inputs, files: FileStats, env: NodeJS.ProcessEnv, bundle: StoredBundle,
): BuildRecord {
  const listings = [...inputs.listings.values()].map((listing) => ({ listing, paths: listedFiles(listing) }));
  const listed = listings.flatMap(({ listing, paths: all }) => all.map((path) => join(listing.path, path)));
  const paths = new Set([...inputs.files.values(), ...inputs.watched, ...listed]);
  return {
    fingerprint,
    versions,
    seen: [...paths].map((path) => files.see(path)),
    listings: listings.map(({ listing, paths: all }) => ({ listing, hash: hashText(all.join('\0')) })),
    env: Object.fromEntries([...inputs.env].map((name) => [name, hashVariable(env, name)])),
    bundle,
  };
}

function hashVariable(env: NodeJS.ProcessEnv, name: string): string | null {
  return env[name] === undefined ? null : hashText(env[name]);
}

/** Find the record of a build that is up to date. */
export function findRecord(key: string, versions: Versions, files: FileStats, env: NodeJS.ProcessEnv): BuildRecord | undefined {
  const records = readRecords(key);
  const found = records.find((record) => isUpToDate(record, versions, files, env));
  if (found === undefined) {
    return undefined;
  }
  const isStale = found.seen.some((seen) => seen.hash !== undefined && seen.stamp !== files.stamp(seen.path));
  if (isStale) {
    // Files were touched, or are now old enough for their times to be trusted. The next synthesis then compares times only.
    const fresh = { ...found, seen: found.seen.map((seen) => files.see(seen.path)) };
    writeRecords(key, records.map((record) => (record === found ? fresh : record)));
  }
  return found;
}

function isUpToDate(record: BuildRecord, versions: Versions, files: FileStats, env: NodeJS.ProcessEnv): boolean {
  return JSON.stringify(record.versions) === JSON.stringify(versions)
    && Object.entries(record.env).every(([name, hash]) => hashVariable(env, name) === hash)
    && record.seen.every((seen) => files.isSame(seen))
    && record.listings.every(({ listing, hash }) => hashText(listedFiles(listing).join('\0')) === hash);
}

/** Return the record of the last build, up to date or not. */
export function lastRecord(key: string): BuildRecord | undefined {
  return readRecords(key)[0];
}

/** Save the record of a build, before the older ones of the same binary. */
export function saveRecord(key: string, record: BuildRecord): void {
  writeRecords(key, [record, ...readRecords(key).filter((other) => other.fingerprint !== record.fingerprint)].slice(0, MAX_RECORDS));
}

function writeRecords(key: string, records: BuildRecord[]): void {
  writeAtomic(recordFile(key), JSON.stringify(records));
}

function readRecords(key: string): BuildRecord[] {
  try {
    return JSON.parse(readFileSync(recordFile(key), 'utf-8'));
  } catch {
    // There is no file yet, or it is damaged.
    return [];
  }
}

function recordFile(key: string): string {
  return join(cacheFolder(), 'records', `${key}.json`);
}
