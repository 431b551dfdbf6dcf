import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Crate, describeCrate } from './crate';
import { PmcpDeployProjectOptions } from './options';
import { cleanUpNpmInstall, dependencyOf } from './own-package';
import { aws } from '../config/schema/tables/aws';
import { serverName } from '../config/schema/tables/server';
import { allowed } from '../config/schema/types';
import { say } from '../util/stderr';
import { UserError } from '../util/user-error';

/** Resolved options of a project. */
export interface ResolvedOptions {
  /** If true, this is `projen new`, which writes the resolved options to .projenrc.ts. */
  readonly creating: boolean;

  /** If true, projen has installed this package into the current folder. */
  readonly installed: boolean;

  readonly outdir: string;

  /** Folder of the server, relative to `outdir`, with forward slashes. */
  readonly serverRoot: string;
  readonly serverName: string;
  readonly region: string;
  readonly devDeps: string[];

  /** The server's crate, if it has one. */
  readonly crate?: Crate;
}

/** Key with which `projen new` describes the run. It is empty with `pmcp-deploy init`. */
export const NEW = '__new__';

export type NewOptions = PmcpDeployProjectOptions & { readonly [NEW]?: { readonly fqn?: string } };

/** @throws UserError if an option is invalid, or if files would be overwritten */
function resolveOptions(options: NewOptions): ResolvedOptions {
  const creating = NEW in options;
  const outdir = creating ? newOutdir(options) : resolve(options.outdir ?? '.');
  const defaultRoot = existsSync(join(outdir, '..', 'Cargo.toml')) ? '..' : '.';
  const serverRoot = (options.serverRoot ?? defaultRoot).replace(/\\/g, '/').replace(/(.)\/+$/, '$1');
  const root = resolve(outdir, serverRoot);
  const crate = existsSync(join(root, 'Cargo.toml')) ? describeCrate(root, options.serverName) : undefined;
  return {
    creating,
    installed: options[NEW]?.fqn !== undefined,
    outdir,
    serverRoot,
    serverName: check('server-name', serverName, options.serverName ?? toName(crate?.name ?? basename(root))),
    region: check('region', aws.shape.region, options.region ?? 'us-east-1'),
    devDeps: creating ? (options.devDeps ?? []).map((spec) => dependencyOf(spec, process.cwd(), outdir)) : options.devDeps ?? [],
    crate,
  };
}

/**
 * Resolve the options of a project. In `projen new`, an error ends the process with its message, after a clean-up: projen would print a
 * stack trace, and leave package.json and node_modules behind.
 *
 * @throws UserError outside of `projen new`
 */
export function resolveOptionsOrExit(options: NewOptions): ResolvedOptions {
  try {
    return resolveOptions(options);
  } catch (error) {
    if (!(error instanceof UserError) || options[NEW]?.fqn === undefined) throw error;
    cleanUpNpmInstall();
    say(`error: ${error.message}`);
    process.exit(1);
  }
}

/** Folder of a new app. Next to a Cargo.toml it is a separate folder, so that the server's files are left unchanged. */
function newOutdir({ outdir = '.' }: PmcpDeployProjectOptions): string {
  const folder = resolve(outdir);
  const app = existsSync(join(folder, 'Cargo.toml')) ? join(folder, 'deploy') : folder;
  for (const file of ['cdk.json', 'tsconfig.json', ...(app === process.cwd() ? [] : ['package.json'])]) {
    if (existsSync(join(app, file))) {
      throw new UserError(`${join(app, file)} already exists and would be overwritten: move ${app} away, or choose another folder with `
        + '--outdir');
    }
  }
  return app;
}

function check(name: string, type: typeof serverName, value: string): string {
  if (type.safeParse(value).success) return value;
  throw new UserError(`--${name} must be ${allowed.get(type)?.text ?? 'another value'}, but is "${value}"`);
}

/** A name that is valid in deploy.toml and Cargo.toml. */
function toName(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '').slice(0, 100) || 'mcp-server';
}
