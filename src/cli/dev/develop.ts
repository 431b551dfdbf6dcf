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

/** Wait before a rebuild: editors write several files, or one file several times. */
const SETTLE_MS = 150;

/** Folders without sources. */
const NOT_SOURCES = new Set(['target', 'node_modules', 'cdk.out', 'deploy', 'dist', 'coverage']);

/** Files that programs and editors write next to the sources. */
const NOT_A_SOURCE = /(\.(log|tmp|swp|swx|db|db-\w+|sqlite3?|sqlite3?-\w+)|~|^4913|^\.#.*)$/;

/** Run the server until Ctrl-C, and restart it after each change of its files. */
export async function develop(options: { readonly stage?: string; readonly port?: number; readonly release?: boolean }): Promise<void> {
  const project = readProject(options.stage);
  requireCargo();
  const target = findBuildTarget(project);
  const port = await choosePort(options.port ?? DEFAULT_PORT, options.port !== undefined);
  if (port === undefined) {
    throw new CliError(`port ${options.port} is in use`, { hint: 'choose another one with --port, or omit --port' });
  }

  let server: Server | undefined;
  let running: Program | undefined;
  const restart = async (current: Project, always: boolean) => {
    const program = await build(current, target, options.release === true);
    if (!program) {
      warn(server ? 'the server does not compile; the previous build keeps running' : 'the server does not compile; waiting for a change');
      return;
    }
    if (server && !always && program.stamp === running?.stamp) return;
    await server?.stop();
    running = program;
    server = startServer(program.path, current.root, port, serverEnvironment(current.file.deployment));
    void server.ended.then((reason) => warn(`the server has ended (${reason}); waiting for a change`));
    if (await server.accepts()) success(`serving ${colour.cyan(url(current, port))}`);
    else warn(`nothing listens on port ${port} yet; the server must listen on the port in $PORT`);
  };

  await untilInterrupted(async (interrupted) => {
    await restart(project, true);
    print(url(project, port));
    note(colour.dim('waiting for changes (press Ctrl-C to stop)'));
    const changes = watcher(target.folder, project);
    let tasks = Promise.resolve();
    changes.onChange((paths) => {
      tasks = tasks.then(async () => {
        const shown = paths.slice(0, 3).map((path) => relative(project.root, path)).join(', ');
        note(colour.dim(`${shown}${paths.length > 3 ? ' ...' : ''} changed`));
        const isReconfigured = paths.some((path) => basename(path) === 'deploy.toml');
        await restart(isReconfigured ? readProject(options.stage) : project, isReconfigured);
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

/** Watch the sources. Changes in quick succession are reported together. */
function watcher(folder: string, project: Project) {
  const watched = watch([folder, project.file.path], {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const inside = relative(folder, path).split(sep);
      const isHidden = (part: string) => part.startsWith('.') && !['.pmcp', '.cargo', '..'].includes(part);
      const hidden = inside.some((part) => NOT_SOURCES.has(part) || isHidden(part));
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

/** Start something that runs until Ctrl-C, and end it then. */
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
