import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join, posix, relative, sep } from 'node:path';
import { DockerVolume } from 'aws-cdk-lib';
import { CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { ending, Outcome, run, show } from '../../util/process/exec';
import { which } from '../../util/process/which';
import { UserError } from '../../util/user-error';
import { DockerOptions } from '../types';

/**
 * The image that has cargo-lambda, Rust and Zig. Never "latest": that would build something else tomorrow.
 *
 * A tag, not a digest: its publisher can move it. `dockerImage` takes a digest.
 */
export const IMAGE = `ghcr.io/cargo-lambda/cargo-lambda:${CARGO_LAMBDA_VERSION}`;

export const INPUT = '/asset-input';
export const OUTPUT = '/asset-output';
export const TARGET = '/asset-target';

/** The program that runs containers, where the CDK looks for it too. */
export function dockerProgram(env: NodeJS.ProcessEnv = process.env): string {
  return env.CDK_DOCKER ?? 'docker';
}

/** Whether there is a daemon that answers. */
export function dockerAnswers(): boolean {
  return which(dockerProgram(), process.env) !== undefined && run(dockerProgram(), ['version', '--format', '{{.Server.Version}}']).ok;
}

/** One run of a container. */
export interface ContainerRun {
  readonly image: string;
  readonly command: string[];
  readonly volumes: DockerVolume[];
  readonly volumesFrom?: string[];
  /** The variables of the container. Only their names are arguments: values may be secrets, which other users could see. */
  readonly environment: { readonly [name: string]: string };
  readonly workingDirectory: string;
  readonly options: DockerOptions;
}

/** The arguments of `docker` for a run of a container, in the order of the CDK's own bundling. */
export function dockerArguments(container: ContainerRun): string[] {
  const { options } = container;
  const [entrypoint, ...entrypointArguments] = options.entrypoint ?? [];
  const flag = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  return [
    'run', '--rm',
    ...flag('--security-opt', options.securityOpt),
    ...flag('--network', options.network),
    '-u', containerUser(options),
    ...[...container.volumesFrom ?? [], ...options.volumesFrom ?? []].flatMap((name) => ['--volumes-from', name]),
    ...[...container.volumes, ...options.volumes ?? []].flatMap((volume) => ['-v', mount(volume)]),
    ...Object.keys(container.environment).flatMap((name) => ['--env', name]),
    '-w', options.workingDirectory ?? container.workingDirectory,
    ...flag('--entrypoint', entrypoint),
    container.image,
    ...entrypointArguments,
    ...container.command,
  ];
}

function mount(volume: DockerVolume): string {
  return `${volume.hostPath}:${volume.containerPath}:${isSeLinux() ? 'z,' : ''}${volume.consistency ?? 'delegated'}`;
}

/** The user of the container: the current one, so that what it writes is the current user's. */
export function containerUser(options: DockerOptions): string {
  const { uid, gid } = userInfo();
  return options.user ?? (uid === -1 ? '1000:1000' : `${uid}:${gid}`);
}

let seLinux: boolean | undefined;

function isSeLinux(): boolean {
  seLinux ??= process.platform === 'linux' && spawnSync('selinuxenabled', [], { stdio: 'ignore' }).status === 0;
  return seLinux;
}

/** Runs a container, and shows its progress. */
export function runContainer(container: ContainerRun, showProgress = true): Outcome {
  const options = { env: { ...process.env, ...container.environment } };
  const [program, args] = [dockerProgram(), dockerArguments(container)];
  return showProgress ? show('progress', program, args, options) : run(program, args, options);
}

/** Runs another command of docker. Throws when it fails. */
export function docker(args: string[]): void {
  const outcome = run(dockerProgram(), args);
  if (!outcome.ok) {
    throw new UserError(`${dockerProgram()} ${args[0]} ${ending(outcome)}: ${outcome.stderr.trim() || outcome.stdout.trim()}`);
  }
}

/** Where the folders of this machine are in the container: below one folder, in the same places relative to each other. */
export class Mounts {
  private readonly base: string;

  constructor(public readonly folders: string[]) {
    this.base = commonFolder(folders);
  }

  /** The path in the container of a path on this machine. */
  public inside(path: string): string {
    const below = relative(this.base, path).split(sep).join('/');
    return posix.join(INPUT, below);
  }

  /** The path on this machine of a path in the container, or the path itself when it is not a mounted one. */
  public outside(path: string): string {
    return path === INPUT || path.startsWith(`${INPUT}/`) ? join(this.base, path.slice(INPUT.length)) : path;
  }

  /** The volumes of a container that sees the folders as they are here. */
  public volumes(): DockerVolume[] {
    return this.folders.map((folder) => ({ hostPath: folder, containerPath: this.inside(folder) }));
  }
}

function commonFolder(folders: string[]): string {
  const [first, ...others] = folders.map((folder) => folder.split(sep));
  let length = first.length;
  for (const other of others) {
    length = Math.min(length, other.length);
    while (length > 0 && first.slice(0, length).join(sep) !== other.slice(0, length).join(sep)) {
      length--;
    }
  }
  return first.slice(0, length).join(sep) || sep;
}
