import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Builder, LocalBuilder } from './builder';
import { BuildContainer } from './container';
import { dockerProgram, IMAGE, isDockerRunning } from './docker';
import { DockerBuilder } from './docker-builder';
import { Mounts } from './mounts';
import { cacheFolder } from '../../util/cache-dir';
import { hashText, writeAtomic } from '../../util/files';
import { which } from '../../util/process/which';
import { say } from '../../util/stderr';
import { UserError } from '../../util/user-error';
import { sourceFolders, workspaceRootOf } from '../cargo/local-packages';
import { CargoWorkspace, readWorkspace } from '../cargo/metadata';
import {
  checkTarget, findToolchain, MissingTool, nearestToolchainFile, parseCompilerVersion, Toolchain, Versions,
} from '../cargo/toolchain';
import { BuildOptions, compilerOf } from '../options/options';

/** The tools that build a crate: those of this machine, or those of a container. */
export interface Tools {
  versions(): Versions;
  readWorkspace(): CargoWorkspace;
  builder(workspace: CargoWorkspace, options: BuildOptions): Builder;
}

/** Choose the tools of this machine, or a container if a tool is missing or the user asks for Docker. */
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
    if (!isDockerRunning()) {
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

  public readWorkspace(): CargoWorkspace {
    return readWorkspace(this.options.manifestPath, this.env);
  }

  public builder(workspace: CargoWorkspace, options: BuildOptions): Builder {
    return new LocalBuilder(workspace, this.toolchain.versions, this.env, options);
  }
}

class DockerTools implements Tools {
  private knownVersions?: Versions;
  private lazyContainer?: BuildContainer;

  constructor(private readonly options: BuildOptions, private readonly env: NodeJS.ProcessEnv) {
    if (which(dockerProgram(), process.env) === undefined) {
      throw new UserError(`${dockerProgram()} was not found in PATH, but the options ask for a build in Docker: `
        + 'install Docker, or leave forceDockerBundling out');
    }
  }

  /** Return the versions in the image. They are cached by its name: an image is assumed not to change under the same name. */
  public versions(): Versions {
    this.knownVersions ??= this.readCached() ?? this.queryVersions();
    return this.knownVersions;
  }

  public readWorkspace(): CargoWorkspace {
    return which('cargo', this.env) ? readWorkspace(this.options.manifestPath, this.env) : this.container.readWorkspace();
  }

  public builder(workspace: CargoWorkspace, options: BuildOptions): Builder {
    return new DockerBuilder(workspace, this.versions(), this.env, options, this.container);
  }

  private get container(): BuildContainer {
    if (!this.lazyContainer) {
      const root = workspaceRootOf(this.options.manifestPath);
      this.lazyContainer = new BuildContainer(this.options, new Mounts(sourceFolders(root)), root);
    }
    return this.lazyContainer;
  }

  private get compiler(): string {
    return compilerOf(this.options, this.env);
  }

  private get cacheFile(): string {
    const toolchain = nearestToolchainFile(dirname(this.options.manifestPath));
    const key = [
      this.options.dockerImage?.identity ?? IMAGE, toolchain === undefined ? '' : readFileSync(toolchain, 'utf-8'), this.compiler,
    ];
    return join(cacheFolder(), 'tools', `docker-${hashText(JSON.stringify(key))}.json`);
  }

  private readCached(): Versions | undefined {
    try {
      return JSON.parse(readFileSync(this.cacheFile, 'utf-8'));
    } catch {
      return undefined;
    }
  }

  private queryVersions(): Versions {
    const script = 'rustc -vV && cargo lambda --version && (zig version || python3 -m ziglang version)';
    const result = this.container.run(['sh', '-c', script], { isQuiet: true });
    if (!result.ok) {
      throw new UserError(`the image ${this.options.dockerImage?.image ?? IMAGE} cannot build: ${result.stderr.trim()}`);
    }
    const cargoLambda = /^cargo-lambda \S+/m.exec(result.stdout)?.[0];
    const afterCargoLambda = result.stdout.split('cargo-lambda').pop()!;
    const zig = ['cargo', 'cross'].includes(this.compiler) ? undefined : /^\d+\.\d+\.\d+\S*$/m.exec(afterCargoLambda)?.[0];
    const versions = cargoLambda ? { rustc: parseCompilerVersion(result.stdout), cargoLambda, zig } : this.guessVersions();
    writeAtomic(this.cacheFile, JSON.stringify(versions));
    return versions;
  }

  /** An image whose versions cannot be read gets those of the local tools; without local tools, its name is the version. */
  private guessVersions(): Versions {
    try {
      return findToolchain(dirname(this.options.manifestPath), this.env, this.compiler).versions;
    } catch {
      return { rustc: this.options.dockerImage?.identity ?? IMAGE, cargoLambda: '' };
    }
  }
}
