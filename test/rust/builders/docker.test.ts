import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { App, BundlingFileAccess, DockerImage, Stack } from 'aws-cdk-lib';
import { BundlingOptions, RustFunction } from '../../../src/rust';
import { FakeTools, without } from '../fake-tools';

let tools: FakeTools;
beforeEach(() => {
  tools = new FakeTools();
  tools.addToolchain();
  tools.add('docker', DOCKER);
});
afterEach(() => tools.restore());

/** A fake Docker: it prints the versions of the tools in the image, and writes a binary to /asset-output. */
const DOCKER = `
case "$*" in
  version*) echo 28.0.0;;
  *'rustc -vV'*) printf 'release: 1.95.0\\ncommit-hash: abc\\ncargo-lambda 1.9.2 (abc)\\n0.15.1\\n';;
  *'cargo lambda build'*|*custom*)
    for argument in "$@"; do
      case "$argument" in *:/asset-output:delegated)
        mkdir -p "\${argument%%:*}/hello"; echo binary > "\${argument%%:*}/hello/bootstrap";; esac
    done;;
  'cp '*:/asset-output/.' '*) for to; do :; done; mkdir -p "$to/hello"; echo binary > "$to/hello/bootstrap";;
esac
`;

const { uid, gid } = userInfo();

function build(bundling: BundlingOptions): string[] {
  const root = tools.crate('app/hello');
  const metadata = { workspace_root: root, target_directory: join(root, 'target'), workspace_members: ['hello'] };
  const hello = {
    id: 'hello',
    name: 'hello',
    version: '0.1.0',
    manifest_path: join(root, 'Cargo.toml'),
    features: {},
    targets: [{ name: 'hello', kind: ['bin'] }],
  };
  writeFileSync(join(root, 'metadata.json'), JSON.stringify({ ...metadata, packages: [hello] }));
  writeFileSync(join(root, 'Cargo.toml'), '[package]\nname = "hello"\n[dependencies]\nneighbour = { path = "../../neighbour" }\n');
  mkdirSync(tools.path('neighbour'));
  writeFileSync(tools.path('neighbour/Cargo.toml'), '[package]\nname = "neighbour"\n');
  const stack = new Stack(new App(), 'Stack');
  new RustFunction(stack, 'Function', { manifestPath: root, bundling });
  const calls = tools.calls().filter((call) => call.startsWith('docker'));
  return calls.map((call) => without(tools.folder, call)
    .replace(/builds\/[^/:]*/g, 'builds/<build>')
    .replace(/target\/[0-9a-f]{16}/g, 'target/<workspace>')
    .replace(/-[0-9a-f]{24}\b/g, '-<suffix>'));
}

const MOUNTS = '-v <folder>/app/hello:/asset-input/app/hello:delegated -v <folder>/neighbour:/asset-input/neighbour:delegated';
const CACHES = '-v <folder>/cache/docker/registry:/usr/local/cargo/registry:delegated '
  + '-v <folder>/cache/docker/git:/usr/local/cargo/git:delegated '
  + '-v <folder>/cache/docker/target/<workspace>:/asset-target:delegated';
const OUTPUT = '-v <folder>/cache/builds/<build>/lambda:/asset-output:delegated';
const BUILD = 'cargo lambda build --package hello --bin hello --release --target x86_64-unknown-linux-gnu --lambda-dir /asset-output '
  + '--skip-target-check --message-format json-render-diagnostics';

test('the workspace, its path dependencies and the caches are mounted, and values of variables are no arguments', () => {
  expect(build({ forceDockerBundling: true, environment: { TOKEN: 'secret' } }).pop()).toBe(
    `docker run --rm -u ${uid}:${gid} ${MOUNTS} ${OUTPUT} ${CACHES} --env TOKEN --env CARGO_TARGET_DIR -w /asset-input/app/hello `
    + `ghcr.io/cargo-lambda/cargo-lambda:1.9.2 ${BUILD}`);
});

test('the options of the container', () => {
  expect(build({
    forcedDockerBundling: true,
    dockerImage: DockerImage.fromRegistry('my/image:1'),
    dockerOptions: {
      user: '7:8',
      network: 'host',
      securityOpt: 'no-new-privileges',
      volumes: [{ hostPath: '/host', containerPath: '/container' }],
      volumesFrom: ['other'],
      workingDirectory: '/somewhere',
      entrypoint: ['/enter', '--now'],
      command: ['custom', 'a b', '; $(none)'],
    },
  }).pop()).toBe(
    'docker run --rm --security-opt no-new-privileges --network host -u 7:8 --volumes-from other '
      + `${MOUNTS} ${OUTPUT} ${CACHES} -v /host:/container:delegated `
    + '--env CARGO_TARGET_DIR -w /somewhere --entrypoint /enter my/image:1 --now custom a\\ b \\;\\ \\$\\(none\\)');
});

test('copies in volumes, for a daemon that does not see these files', () => {
  const calls = build({ forceDockerBundling: true, dockerOptions: { bundlingFileAccess: BundlingFileAccess.VOLUME_COPY } });
  const name = (folder: string) => `pmcp-deploy-asset-${folder}-<suffix>`;
  const volumes = ['input', 'output', 'target'];
  expect(calls.slice(1)).toEqual([
    ...volumes.map((folder) => `docker volume create ${name(folder)}`),
    `docker run --name pmcp-deploy-copy-<suffix> ${volumes.map((folder) => `-v ${name(folder)}:/asset-${folder}`).join(' ')} `
      + 'public.ecr.aws/docker/library/alpine:3.22 mkdir -p /asset-input/app/hello /asset-input/neighbour /asset-output',
    ...['Cargo.toml', 'metadata.json', 'src']
      .map((file) => `docker cp <folder>/app/hello/${file} pmcp-deploy-copy-<suffix>:/asset-input/app/hello/`),
    'docker cp <folder>/neighbour/Cargo.toml pmcp-deploy-copy-<suffix>:/asset-input/neighbour/',
    'docker run --rm --volumes-from pmcp-deploy-copy-<suffix> public.ecr.aws/docker/library/alpine:3.22 '
      + `chown -R ${uid}:${gid} /asset-input /asset-output /asset-target`,
    `docker run --rm -u ${uid}:${gid} --volumes-from pmcp-deploy-copy-<suffix> --env CARGO_TARGET_DIR -w /asset-input/app/hello `
      + `ghcr.io/cargo-lambda/cargo-lambda:1.9.2 ${BUILD}`,
    'docker cp pmcp-deploy-copy-<suffix>:/asset-output/. <folder>/cache/builds/<build>/lambda',
    'docker cp pmcp-deploy-copy-<suffix>:/asset-target/. <folder>/cache/docker/target/<workspace>',
    'docker rm --force pmcp-deploy-copy-<suffix>',
    ...volumes.map((folder) => `docker volume rm --force ${name(folder)}`),
  ]);
});

test('hooks run in the container, and the arguments of cargo stay arguments', () => {
  const calls = build({
    forceDockerBundling: true,
    commandHooks: { beforeBundling: (input, output) => [`echo ${input} ${output}`], afterBundling: (_input, output) => [`ls ${output}`] },
  });
  expect(calls[calls.length - 2]).toContain(`bash -ec $'{\\necho /asset-input/app/hello /asset-output\\n} 1>&2\\nexec "$@"' bash ${BUILD}`);
  expect(calls[calls.length - 1]).toContain('bash -ec $\'{\\nls /asset-output\\n} 1>&2\'');
});

test('without the local tools the daemon builds; with neither, the error names the tool and how to get it', () => {
  tools.add('cargo-lambda', '');
  process.env.PATH = `${tools.path('bin')}:/usr/bin:/bin`;
  const missing = tools.path('sysroot/lib/rustlib/x86_64-unknown-linux-gnu');
  rmSync(missing, { recursive: true });
  expect(build({}).some((call) => call.includes(BUILD))).toBe(true);
  tools.add('docker', 'exit 1');
  const stack = new Stack(new App(), 'Stack');
  expect(() => new RustFunction(stack, 'Function', { manifestPath: tools.path('app/hello') })).toThrow(
    `the Rust target x86_64-unknown-linux-gnu was not found in ${tools.path('sysroot')}; `
    + 'install it: rustup target add x86_64-unknown-linux-gnu; '
    + 'or start Docker, to build in a container');
});

test('Docker is asked for, but not there', () => {
  process.env.CDK_DOCKER = 'no-such-docker';
  expect(() => build({ forceDockerBundling: true })).toThrow(
    'no-such-docker was not found in PATH, but the options ask for a build in Docker: install Docker, or leave forceDockerBundling out');
});
