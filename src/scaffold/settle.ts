import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Crate, describeCrate } from './crate';
import { dependencyOf } from './dependency';
import { PmcpDeployProjectOptions } from './options';
import { aws } from '../config/schema/tables/aws';
import { serverName } from '../config/schema/tables/server';
import { allowed } from '../config/schema/types';
import { UserError } from '../util/user-error';

/** The options of a project, with every choice made. */
export interface ResolvedOptions {
  /** Whether this is `projen new`, which makes choices that .projenrc.ts then keeps. */
  readonly creating: boolean;

  /** Whether projen has installed this package into the current folder for it. */
  readonly installed: boolean;

  readonly outdir: string;

  /** Folder of the server, relative to `outdir`, with forward slashes. */
  readonly serverRoot: string;
  readonly serverName: string;
  readonly region: string;
  readonly devDeps: string[];

  /** The server's crate, where it has one. */
  readonly crate?: Crate;
}

/** The key under which `projen new` tells about itself; `pmcp-deploy init` leaves it empty. */
export const NEW = '__new__';

export type NewOptions = PmcpDeployProjectOptions & { readonly [NEW]?: { readonly fqn?: string } };

export function resolveOptions(options: NewOptions): ResolvedOptions {
  const creating = NEW in options;
  const outdir = creating ? newOutdir(options) : resolve(options.outdir ?? '.');
  const serverRoot = (options.serverRoot ?? (existsSync(join(outdir, '..', 'Cargo.toml')) ? '..' : '.')).replace(/\\/g, '/').replace(/(.)\/+$/, '$1');
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

/** A server's own files stay as they are: where there is a Cargo.toml, the app goes to a folder of its own. */
function newOutdir({ outdir = '.' }: PmcpDeployProjectOptions): string {
  const folder = resolve(outdir);
  const app = existsSync(join(folder, 'Cargo.toml')) ? join(folder, 'deploy') : folder;
  for (const file of ['cdk.json', 'tsconfig.json', ...(app === process.cwd() ? [] : ['package.json'])]) {
    if (existsSync(join(app, file))) {
      throw new UserError(`${join(app, file)} is there already and would be overwritten: move ${app} away, or name another folder with --outdir`);
    }
  }
  return app;
}

function check(name: string, type: typeof serverName, value: string): string {
  if (type.safeParse(value).success) return value;
  throw new UserError(`--${name} must be ${allowed.get(type)?.text ?? 'another value'}, but is "${value}"`);
}

/** A name that deploy.toml and Cargo.toml take. */
function toName(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '').slice(0, 100) || 'mcp-server';
}
