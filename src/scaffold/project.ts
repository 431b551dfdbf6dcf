import { posix } from 'node:path';
import { JsonFile, SampleFile, javascript } from 'projen';
import { cdkJson } from './cdk-json';
import { isFolder, OWN_NAME } from './dependency';
import { cleanUpNpmInstall } from './leftovers';
import { PmcpDeployProjectOptions } from './options';
import { Projenrc } from './projenrc';
import { resolveOptionsOrExit } from './refusal';
import { addSampleServer } from './sample-server';
import { ResolvedOptions } from './settle';
import { render } from './templates';
import { DEV_DEPENDENCIES, NODE_VERSION } from './versions';
import { renderScaffold } from '../config/template';

/** Commands of pmcp-deploy that are tasks of the app, too. "test" is a task of projen's own, a part of "build". */
const COMMANDS = {
  'deploy': 'Build the server, deploy it and print its URL (--stage, --local)',
  'test:server': 'Test what is deployed as an MCP client meets it (--tool, --scenario)',
  'outputs': 'Print what was deployed: the URL, the function, its logs (--json)',
  'destroy': 'Delete everything that was deployed (--yes)',
  'synth': 'Build the server and write the CloudFormation template to cdk.out',
  'diff': 'Show what a deployment would change',
  'local': 'Deploy to a local AWS on this machine (--status, --stop)',
  'dev': 'Run the server on this machine, again after each change',
  'connect': 'Print or write what an MCP client needs (--write)',
  'status': 'Tell how a stage is, and why its last change failed (--watch)',
  'stages': 'List the stages, with what is deployed of each',
  'logs': 'Show what the server logs (--tail)',
  'metrics': 'Show traffic, errors, durations and cost (--watch)',
  'rollback': 'Bring an earlier version back (--list)',
  'secrets': 'Set, list and delete the secrets of [secrets] (set, list, delete)',
  'login': 'Sign in to a protected server (--print-token)',
  'logout': 'Forget the tokens of login',
  'users': 'Add and list those who may sign in with Amazon Cognito (add, list)',
  'validate': 'Check deploy.toml, without AWS (--template)',
  'doctor': 'Check tools, credentials and bootstrap (--fix)',
  'bootstrap': 'Prepare an account and region for deployments, once',
};

/** Tasks of every projen project that mean nothing here; they stay where "build" needs them. */
const UNUSED_SCRIPTS = ['compile', 'default', 'eject', 'package', 'post-compile', 'pre-compile', 'test'];

/**
 * A CDK app that deploys an MCP server written in Rust to AWS Lambda.
 *
 * Next to a server it is a folder of its own (`deploy`); in an empty folder it comes with a sample server.
 *
 * @pjid pmcp-deploy
 */
export class PmcpDeployProject extends javascript.NodeProject {
  /** Folder of the server, relative to the app. */
  public readonly serverRoot: string;

  private readonly creating: boolean;
  private readonly installed: boolean;

  constructor(options: PmcpDeployProjectOptions = {}) {
    const settled = resolveOptionsOrExit(options);
    const standalone = settled.serverRoot === '.';
    super({
      name: standalone ? settled.serverName : `${settled.serverName}-deploy`,
      outdir: settled.outdir,
      defaultReleaseBranch: 'main',
      packageManager: javascript.NodePackageManager.NPM,
      minNodeVersion: NODE_VERSION,
      devDeps: [...DEV_DEPENDENCIES, ...settled.devDeps],
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
          'server-name': settled.serverName,
          'deploy-toml': `${settled.serverRoot}/.pmcp/deploy.toml`,
        }),
      },
    });
    this.serverRoot = settled.serverRoot;
    this.creating = settled.creating;
    this.installed = settled.installed;

    this.addFields({ private: true, publishConfig: undefined });
    if (!settled.devDeps.some((dependency) => dependency.split('@')[0] === OWN_NAME)) this.addDevDeps(OWN_NAME);
    // A link would bring the folder's own aws-cdk-lib along, beside the app's.
    if (settled.devDeps.some(isFolder)) this.npmrc.addConfig('install-links', 'true');

    this.addCommands();
    this.addApp();
    this.addServer(settled);
    new Projenrc(this, settled.creating ? chosen(options, settled) : undefined);
  }

  public postSynthesize() {
    super.postSynthesize();
    if (this.installed) cleanUpNpmInstall(this.outdir);
  }

  private addCommands() {
    for (const [name, description] of Object.entries(COMMANDS)) {
      const exec = `pmcp-deploy ${name.split(':')[0]}`;
      this.addTask(name, { description, exec, receiveArgs: true });
      // npm run starts the command itself: half a second sooner than through projen, and with the terminal to itself.
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
    new SampleFile(this, 'bin/app.ts', { contents: render(['app', 'bin', 'app.ts'], { 'server-root': posix.join('..', this.serverRoot) }) });
    new SampleFile(this, 'lib/stack.ts', { contents: render(['app', 'lib', 'stack.ts'], {}) });
  }

  private addServer({ serverRoot, serverName, region, crate }: ResolvedOptions) {
    // Also where there is a crate without a deploy.toml: the file is written once and is the user's from then on.
    // The sample server can read secrets by their ARN, so that their values need not be in the function's configuration.
    const secretDelivery = crate === undefined ? 'arn' : undefined;
    new SampleFile(this, posix.join(serverRoot, '.pmcp', 'deploy.toml'), { contents: renderScaffold({ serverName, region, binary: crate?.binary, secretDelivery }) });
    if (crate === undefined) addSampleServer(this, serverRoot, serverName);
    if (this.creating && crate?.undecided) {
      this.logger.warn(`the server has several binaries (${crate.undecided.join(', ')}): name the one to deploy as "binary" in [build] of .pmcp/deploy.toml`);
    }
  }
}

/** The options that .projenrc.ts keeps, so that later runs do not choose again. */
function chosen(options: PmcpDeployProjectOptions, { serverName, serverRoot, devDeps }: ResolvedOptions): PmcpDeployProjectOptions {
  return { serverName, region: options.region, serverRoot, devDeps: devDeps.length > 0 ? devDeps : undefined };
}
