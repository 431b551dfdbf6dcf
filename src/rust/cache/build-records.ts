import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoredBundle } from './artifact-store';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';
import { Versions } from '../cargo/toolchain';
import { Files, SeenFile } from '../fingerprint/file-stats';
import { Inputs } from '../fingerprint/inputs';
import { list, Listing } from '../fingerprint/listing';

/** What is remembered of a build, to know without cargo whether it would be the same today. */
export interface BuildRecord {
  readonly fingerprint: string;
  readonly versions: Versions;
  readonly seen: SeenFile[];
  readonly listings: { readonly listing: Listing; readonly hash: string }[];
  /** Hashes of the values of environment variables; null where one was not set. */
  readonly env: { readonly [name: string]: string | null };
  readonly bundle: StoredBundle;
}

/** How many builds are remembered of each binary, so that a change of branch and back needs no cargo. */
const KEPT = 4;

/** Makes the record of a build that is done. */
export function makeRecord(
  print: string, versions: Versions, inputs: Inputs, files: Files, env: NodeJS.ProcessEnv, bundle: StoredBundle,
): BuildRecord {
  const listings = [...inputs.listings.values()].map((listing) => ({ listing, paths: list(listing) }));
  const listed = listings.flatMap(({ listing, paths: all }) => all.map((path) => join(listing.path, path)));
  const paths = new Set([...inputs.files.values(), ...inputs.watched, ...listed]);
  return {
    fingerprint: print,
    versions,
    seen: [...paths].map((path) => files.see(path)),
    listings: listings.map(({ listing, paths: all }) => ({ listing, hash: hashText(all.join('\0')) })),
    env: Object.fromEntries([...inputs.env].map((name) => [name, valueHash(env, name)])),
    bundle,
  };
}

function valueHash(env: NodeJS.ProcessEnv, name: string): string | null {
  return env[name] === undefined ? null : hashText(env[name]);
}

/** Finds the record of a build that would be the same today. */
export function findRecord(key: string, versions: Versions, files: Files, env: NodeJS.ProcessEnv): BuildRecord | undefined {
  const records = load(key);
  const found = records.find((record) => holds(record, versions, files, env));
  if (found === undefined) {
    return undefined;
  }
  const isStale = found.seen.some((seen) => seen.hash !== undefined && seen.stamp !== files.stamp(seen.path));
  if (isStale) {
    // Files were touched, or have become old enough for their times to be trusted: next time nothing needs to be read.
    const fresh = { ...found, seen: found.seen.map((seen) => files.see(seen.path)) };
    save(key, records.map((record) => (record === found ? fresh : record)));
  }
  return found;
}

function holds(record: BuildRecord, versions: Versions, files: Files, env: NodeJS.ProcessEnv): boolean {
  return JSON.stringify(record.versions) === JSON.stringify(versions)
    && Object.entries(record.env).every(([name, hash]) => valueHash(env, name) === hash)
    && record.seen.every((seen) => files.isSame(seen))
    && record.listings.every(({ listing, hash }) => hashText(list(listing).join('\0')) === hash);
}

/** The last build, whatever it was made from. */
export function lastRecord(key: string): BuildRecord | undefined {
  return load(key)[0];
}

/** Remembers a build, before the older ones of the same binary. */
export function saveRecord(key: string, record: BuildRecord): void {
  save(key, [record, ...load(key).filter((other) => other.fingerprint !== record.fingerprint)].slice(0, KEPT));
}

function save(key: string, records: BuildRecord[]): void {
  writeAtomic(place(key), JSON.stringify(records));
}

function load(key: string): BuildRecord[] {
  try {
    return JSON.parse(readFileSync(place(key), 'utf-8'));
  } catch {
    // None yet, or one of a version that wrote them in another way.
    return [];
  }
}

function place(key: string): string {
  return join(cacheFolder(), 'records', `${key}.json`);
}
