import { posix } from 'node:path';
import { JsonFile, SampleFile, javascript } from 'projen';
import { PmcpDeployProjectOptions } from './options';
import { cleanUpNpmInstall, isFolder, OWN_NAME } from './own-package';
import { Projenrc } from './projenrc';
import { type ResolvedOptions, resolveOptionsOrExit } from './resolve-options';
import { addSampleServer } from './sample-server';
import { cdkJson, DEV_DEPENDENCIES, NODE_VERSION, render } from './templates';
import { renderScaffold } from '../config/template';

/** Commands of pmcp-deploy that are also tasks of the app. "test" is a task of projen, which "build" runs. */
const COMMANDS = {
  'deploy': 'Build the server, deploy it and print its URL (--stage, --local)',
  'test:server': 'Test the deployed server with an MCP client (--tool, --scenario)',
  'outputs': 'Print the outputs of the stack: URL, function, log groups (--json)',
  'destroy': 'Delete everything that was deployed (--yes)',
  'synth': 'Build the server and write the CloudFormation template to cdk.out',
  'diff': 'Show what a deployment would change',
  'local': 'Deploy to a local AWS on this machine (--status, --stop)',
  'dev': 'Run the server on this machine, again after each change',
  'connect': 'Print or write what an MCP client needs (--write)',
  'status': 'Show the status of a stage, and why its last deployment failed (--watch)',
  'stages': 'List the stages and their stacks',
  'logs': 'Show the logs of the server (--tail)',
  'metrics': 'Show traffic, errors, durations and cost (--watch)',
  'rollback': 'Restore an earlier version (--list)',
  'secrets': 'Set, list and delete the secrets of [secrets] (set, list, delete)',
  'login': 'Sign in to a protected server (--print-token)',
  'logout': 'Forget the tokens of login',
  'users': 'Add and list users of Amazon Cognito (add, list)',
  'validate': 'Check deploy.toml, without AWS (--template)',
  'doctor': 'Check tools, credentials and bootstrap (--fix)',
  'bootstrap': 'Prepare an account and region for deployments, once',
};

/** Tasks of projen that users of the app do not need. They remain as tasks, because "build" uses them. */
const UNUSED_SCRIPTS = ['compile', 'default', 'eject', 'package', 'post-compile', 'pre-compile', 'test'];

/**
 * A CDK app that deploys an MCP server written in Rust to AWS Lambda.
 *
 * For an existing server it is the folder `deploy`. In an empty folder it includes a sample server.
 *
 * @pjid pmcp-deploy
 */
export class PmcpDeployProject extends javascript.NodeProject {
  /** Folder of the server, relative to the app. */
  public readonly serverRoot: string;

  private readonly creating: boolean;
  private readonly installed: boolean;

  constructor(options: PmcpDeployProjectOptions = {}) {
    const resolved = resolveOptionsOrExit(options);
    const standalone = resolved.serverRoot === '.';
    super({
      name: standalone ? resolved.serverName : `${resolved.serverName}-deploy`,
      outdir: resolved.outdir,
      defaultReleaseBranch: 'main',
      packageManager: javascript.NodePackageManager.NPM,
      minNodeVersion: NODE_VERSION,
      devDeps: [...DEV_DEPENDENCIES, ...resolved.devDeps],
      entrypoint: '',
      licensed: false,
      autoDetectBin: false,
      npmignoreEnabled: false,
      projenrcJs: false,
      jest: false,
      package: false,
      release: false,
      buildWorkflow: false,
      depsUpgrade: false,
      github: false,
      clobber: false,
      gitignore: ['/cdk.out/', ...(standalone ? ['/target/'] : [])],
      readme: {
        contents: render(standalone ? ['server', 'README.md'] : ['app', 'README.md'], {
          'server-name': resolved.serverName,
          'deploy-toml': `${resolved.serverRoot}/.pmcp/deploy.toml`,
        }),
      },
    });
    this.serverRoot = resolved.serverRoot;
    this.creating = resolved.creating;
    this.installed = resolved.installed;

    this.addFields({ private: true, publishConfig: undefined });
    if (!resolved.devDeps.some((dependency) => dependency.split('@')[0] === OWN_NAME)) this.addDevDeps(OWN_NAME);
    // With a link, the folder's own aws-cdk-lib would be loaded in addition to that of the app.
    if (resolved.devDeps.some(isFolder)) this.npmrc.addConfig('install-links', 'true');

    this.addCommands();
    this.addApp();
    this.addServer(resolved);
    new Projenrc(this, resolved.creating ? chosen(options, resolved) : undefined);
  }

  public postSynthesize() {
    super.postSynthesize();
    if (this.installed) cleanUpNpmInstall(this.outdir);
  }

  private addCommands() {
    for (const [name, description] of Object.entries(COMMANDS)) {
      const exec = `pmcp-deploy ${name.split(':')[0]}`;
      this.addTask(name, { description, exec, receiveArgs: true });
      // npm run starts the command directly: half a second faster than projen, and with access to the terminal.
      this.setScript(name, exec);
    }
    this.compileTask.exec('tsc --noEmit');
    UNUSED_SCRIPTS.forEach((name) => this.removeScript(name));
  }

  private addApp() {
    new JsonFile(this, 'tsconfig.json', {
      obj: {
        compilerOptions: {
          target: 'ES2022',
          module: 'Node16',
          moduleResolution: 'Node16',
          types: ['node'],
          strict: true,
          noEmit: true,
          esModuleInterop: true,
          skipLibCheck: true,
        },
        include: ['bin/**/*.ts', 'lib/**/*.ts', '.projenrc.ts'],
      },
    });
    new SampleFile(this, 'cdk.json', { contents: cdkJson() });
    const app = render(['app', 'bin', 'app.ts'], { 'server-root': posix.join('..', this.serverRoot) });
    new SampleFile(this, 'bin/app.ts', { contents: app });
    new SampleFile(this, 'lib/stack.ts', { contents: render(['app', 'lib', 'stack.ts'], {}) });
  }

  private addServer({ serverRoot, serverName, region, crate }: ResolvedOptions) {
    // The file is written once and then belongs to the user.
    // The sample server reads secrets by their ARN, so their values are not in the function's configuration.
    const secretDelivery = crate === undefined ? 'arn' : undefined;
    new SampleFile(this, posix.join(serverRoot, '.pmcp', 'deploy.toml'), {
      contents: renderScaffold({ serverName, region, binary: crate?.binary, secretDelivery }),
    });
    if (crate === undefined) addSampleServer(this, serverRoot, serverName);
    if (this.creating && crate?.undecided) {
      this.logger.warn(`the server has several binaries (${crate.undecided.join(', ')}): set "binary" in [build] of .pmcp/deploy.toml `
        + 'to the one to deploy');
    }
  }
}

/** Options for .projenrc.ts, so that later runs use the same values. */
function chosen(options: PmcpDeployProjectOptions, { serverName, serverRoot, devDeps }: ResolvedOptions): PmcpDeployProjectOptions {
  return { serverName, region: options.region, serverRoot, devDeps: devDeps.length > 0 ? devDeps : undefined };
}
