import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Builder, LocalBuilder } from './builder';
import { dockerAnswers, dockerProgram, IMAGE, Mounts } from './docker';
import { Container, DockerBuilder } from './docker-builder';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';
import { which } from '../../util/process/which';
import { say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { sourceFolders, workspaceRootOf } from '../cargo/local-packages';
import { readWorkspace, Workspace } from '../cargo/metadata';
import { checkTarget, compilerVersion, findToolchain, MissingTool, nearestToolchainFile, Toolchain, Versions } from '../cargo/toolchain';
import { BuildOptions, compilerOf } from '../options/options';

/** What a crate is built with: the tools of this machine, or a container. */
export interface Tools {
  versions(): Versions;
  readWorkspace(): Workspace;
  builder(workspace: Workspace, options: BuildOptions): Builder;
}

/** Chooses the tools of this machine, and a container where they are missing or the user wants one. */
export function chooseTools(options: BuildOptions, env: NodeJS.ProcessEnv): Tools {
  if (options.forceDocker) {
    return new DockerTools(options, env);
  }
  try {
    const local = new LocalTools(options, env);
    checkTarget(local.toolchain, options.target, options.flags);
    return local;
  } catch (error) {
    if (!(error instanceof MissingTool)) {
      throw error;
    }
    if (!dockerAnswers()) {
      throw new UserError(`${error.message}; or start Docker, to build in a container`);
    }
    say(`${error.message.split(';')[0]}: building in a container`);
    return new DockerTools(options, env);
  }
}

class LocalTools implements Tools {
  public readonly toolchain: Toolchain;

  constructor(private readonly options: BuildOptions, private readonly env: NodeJS.ProcessEnv) {
    this.toolchain = findToolchain(dirname(options.manifestPath), env, compilerOf(options, env));
  }

  public versions(): Versions {
    return this.toolchain.versions;
  }

  public readWorkspace(): Workspace {
    return readWorkspace(this.options.manifestPath, this.env);
  }

  public builder(workspace: Workspace, options: BuildOptions): Builder {
    return new LocalBuilder(workspace, this.toolchain.versions, this.env, options);
  }
}

class DockerTools implements Tools {
  private known?: Versions;
  private started?: Container;

  constructor(private readonly options: BuildOptions, private readonly env: NodeJS.ProcessEnv) {
    if (which(dockerProgram(), process.env) === undefined) {
      throw new UserError(`${dockerProgram()} was not found in PATH, but the options ask for a build in Docker: install Docker, or leave forceDockerBundling out`);
    }
  }

  /** The versions in the container. An image is asked once: it is taken to be the same as long as its name is. */
  public versions(): Versions {
    this.known ??= this.remembered() ?? this.ask();
    return this.known;
  }

  public readWorkspace(): Workspace {
    return which('cargo', this.env) ? readWorkspace(this.options.manifestPath, this.env) : this.container.readWorkspace();
  }

  public builder(workspace: Workspace, options: BuildOptions): Builder {
    return new DockerBuilder(workspace, this.versions(), this.env, options, this.container);
  }

  private get container(): Container {
    if (!this.started) {
      const root = workspaceRootOf(this.options.manifestPath);
      this.started = new Container(this.options, new Mounts(sourceFolders(root)), root);
    }
    return this.started;
  }

  private get memory(): string {
    const toolchain = nearestToolchainFile(dirname(this.options.manifestPath));
    const key = [this.options.dockerImage?.identity ?? IMAGE, toolchain === undefined ? '' : readFileSync(toolchain, 'utf-8'), compilerOf(this.options, this.env)];
    return join(cacheFolder(), 'tools', `docker-${hashText(JSON.stringify(key))}.json`);
  }

  private remembered(): Versions | undefined {
    try {
      return JSON.parse(readFileSync(this.memory, 'utf-8'));
    } catch {
      return undefined;
    }
  }

  private ask(): Versions {
    const outcome = this.container.run(['sh', '-c', 'rustc -vV && cargo lambda --version && (zig version || python3 -m ziglang version)'], undefined, undefined, false);
    if (!outcome.ok) {
      throw new UserError(`the image ${this.options.dockerImage?.image ?? IMAGE} cannot build: ${outcome.stderr.trim()}`);
    }
    const cargoLambda = /^cargo-lambda \S+/m.exec(outcome.stdout)?.[0];
    const zig = ['cargo', 'cross'].includes(compilerOf(this.options, this.env)) ? undefined : /^\d+\.\d+\.\d+\S*$/m.exec(outcome.stdout.split('cargo-lambda').pop()!)?.[0];
    const versions = cargoLambda ? { rustc: compilerVersion(outcome.stdout), cargoLambda, zig } : this.guess();
    writeAtomic(this.memory, JSON.stringify(versions));
    return versions;
  }

  /** An image that does not tell is known by its name, and by the tools that it stands in for where they are. */
  private guess(): Versions {
    try {
      return findToolchain(dirname(this.options.manifestPath), this.env, compilerOf(this.options, this.env)).versions;
    } catch {
      return { rustc: this.options.dockerImage?.identity ?? IMAGE, cargoLambda: '' };
    }
  }
}
