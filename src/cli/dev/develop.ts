import { basename, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { build, findBuildTarget, type Program } from './build';
import { serverEnvironment } from './environment';
import { choosePort, startServer, type Server } from './server';
import { readProject, type Project } from '../project/project';
import { requireCargo } from '../project/tools';
import { CliError, Interrupted } from '../util/errors';
import { colour, note, print, success, warn } from '../util/terminal';

const DEFAULT_PORT = 3000;

/** Editors write several files, or one file several times. */
const SETTLE_MS = 150;

/** Folders that no server is made from. */
const NOT_SOURCES = new Set(['target', 'node_modules', 'cdk.out', 'deploy', 'dist', 'coverage']);

/** Files that programs and editors write beside the sources. */
const NOT_A_SOURCE = /(\.(log|tmp|swp|swx|db|db-\w+|sqlite3?|sqlite3?-\w+)|~|^4913|^\.#.*)$/;

/** Runs the server until Ctrl-C, and again after each change of its files. */
export async function develop(options: { readonly stage?: string; readonly port?: number; readonly release?: boolean }): Promise<void> {
  const project = readProject(options.stage);
  requireCargo();
  const target = findBuildTarget(project);
  const port = await choosePort(options.port ?? DEFAULT_PORT, options.port !== undefined);
  if (port === undefined) throw new CliError(`port ${options.port} is in use already`, { hint: 'choose another one with --port, or leave it out' });

  let server: Server | undefined;
  let running: Program | undefined;
  const restart = async (current: Project, afresh: boolean) => {
    const program = await build(current, target, options.release === true);
    if (!program) {
      warn(server ? 'it does not compile; the server from before runs on' : 'it does not compile; waiting for a change');
      return;
    }
    if (server && !afresh && program.stamp === running?.stamp) return;
    await server?.stop();
    running = program;
    server = startServer(program.path, current.root, port, serverEnvironment(current.file.deployment));
    void server.ended.then((by) => warn(`the server has ended by itself (${by}); waiting for a change`));
    if (await server.accepts()) success(`serving ${colour.cyan(url(current, port))}`);
    else warn(`nothing listens on port ${port} yet; the server should listen on the port in $PORT`);
  };

  await untilInterrupted(async (interrupted) => {
    await restart(project, true);
    print(url(project, port));
    note(colour.dim('waiting for changes; Ctrl-C ends it'));
    const changes = watcher(target.folder, project);
    let tasks = Promise.resolve();
    changes.onChange((paths) => {
      tasks = tasks.then(async () => {
        note(colour.dim(`${paths.map((path) => relative(project.root, path)).slice(0, 3).join(', ')}${paths.length > 3 ? ' ...' : ''} changed`));
        const configured = paths.some((path) => basename(path) === 'deploy.toml');
        await restart(configured ? readProject(options.stage) : project, configured);
      }).catch((error: Error) => {
        if (error instanceof Interrupted) interrupted();
        else warn(error.message);
      });
    });
    return async () => {
      await changes.close();
      await server?.stop();
    };
  });
}

function url(project: Project, port: number): string {
  return `http://127.0.0.1:${port}${project.file.deployment.server.mcp_path}`;
}

/** Watches the sources; changes that come together are told together. */
function watcher(folder: string, project: Project) {
  const watched = watch([folder, project.file.path], {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const inside = relative(folder, path).split(sep);
      const hidden = inside.some((part) => NOT_SOURCES.has(part) || (part.startsWith('.') && part !== '.pmcp' && part !== '.cargo' && part !== '..'));
      return inside[0] !== '' && (hidden || (stats?.isFile() === true && NOT_A_SOURCE.test(basename(path))));
    },
  });
  return {
    close: async () => watched.close(),
    onChange: (listener: (paths: string[]) => void) => {
      const paths = new Set<string>();
      let timer: NodeJS.Timeout | undefined;
      watched.on('all', (_, path) => {
        paths.add(path);
        clearTimeout(timer);
        timer = setTimeout(() => {
          listener([...paths]);
          paths.clear();
        }, SETTLE_MS);
      });
    },
  };
}

/** Begins something that goes on until Ctrl-C, and ends it then. */
async function untilInterrupted(begin: (interrupted: () => void) => Promise<() => Promise<void>>): Promise<void> {
  let interrupted: () => void = () => {};
  const over = new Promise<void>((resolve) => (interrupted = resolve));
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  signals.forEach((signal) => process.once(signal, interrupted));
  try {
    const end = await begin(interrupted);
    await over;
    await end();
  } finally {
    signals.forEach((signal) => process.off(signal, interrupted));
  }
}
