import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { DockerVolume } from 'aws-cdk-lib';
import { CARGO_LAMBDA_VERSION } from '../../util/cache-dir';
import { describeExit, ProcessResult, run, runShown } from '../../util/process/exec';
import { which } from '../../util/process/which';
import { UserError } from '../../util/user-error';
import { DockerOptions } from '../docker-options';

/**
 * The image with cargo-lambda, Rust and Zig. The version is pinned, so that the same sources give the same binary tomorrow.
 *
 * The publisher can move a tag. A digest in `dockerImage` cannot be moved.
 */
export const IMAGE = `ghcr.io/cargo-lambda/cargo-lambda:${CARGO_LAMBDA_VERSION}`;

/** Folders in the container. The CDK uses the first two names as well. */
export const INPUT = '/asset-input';
export const OUTPUT = '/asset-output';
export const TARGET = '/asset-target';

/** Return the program that runs containers. The CDK reads the same variable. */
export function dockerProgram(env: NodeJS.ProcessEnv = process.env): string {
  return env.CDK_DOCKER ?? 'docker';
}

/** Return true if a Docker daemon is running. */
export function isDockerRunning(): boolean {
  return which(dockerProgram(), process.env) !== undefined && run(dockerProgram(), ['version', '--format', '{{.Server.Version}}']).ok;
}

/** One run of a container. */
export interface ContainerRun {
  readonly image: string;
  readonly command: string[];
  readonly volumes: DockerVolume[];
  readonly volumesFrom?: string[];
  /** Variables of the container. Values can be secrets, so they are passed by name: other users can see arguments. */
  readonly environment: { readonly [name: string]: string };
  readonly workingDirectory: string;
  readonly options: DockerOptions;
}

/** Return the arguments of `docker` that run a container, in the order of the CDK's bundling. */
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

/** Return the user of the container. By default it is the current user, who then owns the files that it writes. */
export function containerUser(options: DockerOptions): string {
  const { uid, gid } = userInfo();
  return options.user ?? (uid === -1 ? '1000:1000' : `${uid}:${gid}`);
}

let seLinux: boolean | undefined;

function isSeLinux(): boolean {
  seLinux ??= process.platform === 'linux' && spawnSync('selinuxenabled', [], { stdio: 'ignore' }).status === 0;
  return seLinux;
}

/** Run a container. Its standard error is shown, or returned if `isQuiet` is true. */
export function runContainer(container: ContainerRun, isQuiet: boolean): ProcessResult {
  const options = { env: { ...process.env, ...container.environment } };
  const [program, args] = [dockerProgram(), dockerArguments(container)];
  return isQuiet ? run(program, args, options) : runShown('progress', program, args, options);
}

/** @throws UserError if the command of docker fails */
export function runDocker(args: string[]): void {
  const result = run(dockerProgram(), args);
  if (!result.ok) {
    throw new UserError(`${dockerProgram()} ${args[0]} ${describeExit(result)}: ${result.stderr.trim() || result.stdout.trim()}`);
  }
}
