import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pmcp-deploy-test-')));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

type Cleanup = () => void | Promise<unknown>;
const cleanups: Cleanup[] = [];

/** Does something after the test; what was asked for last is done first. */
export function onCleanup(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  while (cleanups.length > 0) await cleanups.pop()!();
});

export function write(path: string, content: string, mode?: number): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  if (mode !== undefined) chmodSync(path, mode);
  return path;
}

/** What the stand-in for the CDK command line does. */
export interface FakeCdk {
  /** The exit code of a command. */
  readonly exit?: { readonly [command: string]: number };

  /** A command that does not end by itself. */
  readonly hangs?: string;
}

/** A server with a deploy.toml, a CDK app whose command line only records its calls, and fake tools in PATH. */
export class TestProject {
  public readonly root = temporaryFolder();
  public readonly calls = join(this.root, 'calls.jsonl');
  public readonly cache = join(this.root, 'cache');

  constructor(toml: string = '', cdk: FakeCdk = {}) {
    write(
      join(this.root, '.pmcp', 'deploy.toml'),
      toml || '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n'
        + '[post_deploy_tests]\nenabled = false\n',
    );
    write(join(this.root, 'deploy', 'cdk.json'), '{"app": "true"}');
    write(join(this.root, 'deploy', 'package.json'), '{}');
    const modules = join(this.root, 'deploy', 'node_modules', 'aws-cdk');
    write(join(modules, 'package.json'), JSON.stringify({ name: 'aws-cdk', version: '2.1148.1', bin: { cdk: 'bin/cdk' } }));
    write(join(modules, 'bin', 'cdk'), `
      const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
      const [command, ...args] = process.argv.slice(2);
      const aws = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('AWS_')));
      appendFileSync(${JSON.stringify(this.calls)}, JSON.stringify({ command, args, aws }) + '\\n');
      const exit = ${JSON.stringify(cdk.exit ?? {})}[command] ?? 0;
      const output = args.indexOf('--output');
      if (output !== -1 && exit === 0) {
        const stage = (args.find((arg) => arg.startsWith('stage=')) ?? 'stage=default').slice(6);
        const stackName = stage === 'default' ? 'hello' : 'hello-' + stage;
        mkdirSync(args[output + 1], { recursive: true });
        writeFileSync(args[output + 1] + '/manifest.json', JSON.stringify({ artifacts: {
          Stack: { type: 'aws:cloudformation:stack', displayName: 'Stack', properties: { stackName, templateFile: 'Stack.template.json' } },
        } }));
        writeFileSync(args[output + 1] + '/Stack.template.json', '{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}');
      }
      process.exitCode = exit;
      if (command === ${JSON.stringify(cdk.hangs ?? '')}) setInterval(() => {}, 1000);
    `);
    this.tool('cargo', 'echo "cargo 1.95.0 (abc 2026-01-01)"');
    this.tool('cargo-lambda', 'echo "cargo-lambda 1.9.2"');
  }

  /** A program in PATH: a shell script. */
  public tool(name: string, script: string): void {
    write(join(this.root, 'tools', name), `#!/bin/sh\n${script}\n`, 0o755);
  }

  /** The environment with this project's tools and cache, and no other tools of ours. */
  public environment(...path: string[]): NodeJS.ProcessEnv {
    return {
      PATH: [join(this.root, 'tools'), ...path].join(delimiter),
      PMCP_DEPLOY_CACHE: this.cache,
      CARGO_HOME: join(this.root, 'cargo'),
      CI: 'true',
    };
  }
}
