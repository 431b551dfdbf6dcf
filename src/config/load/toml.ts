import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { ConfigError } from './config-error';
import { isTomlError, parse } from '../../util/smol-toml';
import { excerpt, linesOf, printable } from '../diagnostics/code-frame';
import type { TomlFile } from '../diagnostics/source';

/**
 * Read the bytes of a file.
 *
 * @throws ConfigError if it is missing or cannot be read
 */
export function readBytes(path: string): Buffer {
  const absolute = resolve(path);
  try {
    return readFileSync(absolute);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ConfigError(`no ${basename(absolute)} found at ${absolute}; create it with "npx pmcp-deploy init", in the folder of `
        + 'the server');
    }
    throw new ConfigError(code === 'EISDIR'
      ? `${shown(absolute)} is a folder; use the path of the deploy.toml in it`
      : `${shown(absolute)} cannot be read: ${message}`);
  }
}

/**
 * Parse the bytes of a file.
 *
 * @throws ConfigError if they are not TOML
 */
export function parseToml(path: string, bytes: Uint8Array): TomlFile {
  const absolute = resolve(path);
  const shownPath = shown(absolute);
  const text = decode(bytes, shownPath);
  try {
    return { path: absolute, shownPath, text, table: parse(text) };
  } catch (error) {
    if (!isTomlError(error)) throw error;
    const { line, column } = error;
    const reason = error.message.split('\n')[0].replace(/^Invalid TOML document: /, '');
    throw new ConfigError(`${shownPath}:${line}:${column}: this is not TOML: ${printable(reason)}\n`
      + excerpt(linesOf(text), { line, column, endLine: line, endColumn: column + 1 }));
  }
}

function decode(bytes: Uint8Array, shownPath: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigError(`${shownPath} is not UTF-8, which TOML requires; save it with that encoding`);
  }
}

/** The path for messages: relative to the current folder if the file is in it or in a sibling folder, else absolute. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return isAbsolute(near) || /^\.\.[/\\]\.\./.test(near) ? path : near;
}

/** The server's root folder: the parent of `.pmcp`, or the folder of the file. */
export function serverRoot(path: string): string {
  const folder = dirname(path);
  return basename(folder) === '.pmcp' ? dirname(folder) : folder;
}
