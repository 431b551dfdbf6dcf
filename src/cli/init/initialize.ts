import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { loadDeployFile } from '../../config/load/deploy-file';
import { renderScaffold } from '../../config/template';
import { CliError } from '../util/errors';
import { packageRoot, packageSpec } from '../util/package-info';
import { colour, note, step, success, warn } from '../util/terminal';

/** What a user may choose. */
export interface InitChoices {
  readonly region?: string;
  readonly name?: string;
  readonly stage?: string;

  /** Whether the packages of the CDK app are installed. */
  readonly install: boolean;
}

const STAGE_NAME = /^(?!default$)[A-Za-z][A-Za-z0-9-]{0,19}$/;

/** Makes what is missing of a deployment in a Rust project. What is there already stays as it is. */
export async function initialize(choices: InitChoices): Promise<void> {
  if (choices.stage !== undefined && !STAGE_NAME.test(choices.stage)) {
    throw new CliError(`--stage must be a letter, then letters, digits and hyphens (at most 20), and not "default", but is ${JSON.stringify(choices.stage)}`);
  }
  const root = serverFolder();
  const deployFile = join(root, '.pmcp', 'deploy.toml');
  const app = join(root, 'deploy');
  const hadFile = existsSync(deployFile);
  const hadApp = [app, root].some((folder) => existsSync(join(folder, 'cdk.json')));

  if (hadFile) {
    success(`${shown(deployFile)} is there already, and stays as it is`);
    if (choices.name !== undefined) warn('--name changes nothing: the name of the server is in [server] of deploy.toml');
    if (choices.region !== undefined && choices.stage === undefined) warn('--region changes nothing: the region is in [aws] of deploy.toml');
  }
  if (hadApp) {
    success(`the CDK app is there already: ${shown(existsSync(join(app, 'cdk.json')) ? app : root)}`);
    if (!hadFile) writeDeployFile(root, deployFile, choices);
  } else {
    const name = hadFile ? loadDeployFile(deployFile).serverName : choices.name;
    await step(`CDK app in ${shown(app)}`, async () => makeApp(root, app, { ...choices, name }), { live: choices.install });
    success(`made ${shown(app)}${hadFile ? '' : ` and ${shown(deployFile)}`}`);
  }
  if (choices.stage !== undefined) addStage(deployFile, choices.stage, hadFile ? choices.region : undefined);
  loadDeployFile(deployFile, { stage: choices.stage });
  note();
  // The package is installed there: npx finds it in no other folder.
  const there = shown(existsSync(join(app, 'cdk.json')) ? app : root);
  const go = there === '.' ? '' : `in ${there}, `;
  note(`Next: ${go}${colour.cyan('npx pmcp-deploy local')} tries it on this machine, ${colour.cyan('npx pmcp-deploy deploy')} deploys it to AWS.`);
}

/** The folder of the Rust server that the current folder is in. */
function serverFolder(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Cargo.toml'))) return folder;
    if (folder === dirname(folder)) break;
  }
  throw new CliError(`no Cargo.toml in ${process.cwd()} or a folder above it`, {
    hint: 'run this in the folder of a Rust server; for a new server, in an empty folder: npx projen new --from pmcp-deploy pmcp-deploy',
  });
}

/** The parts of this package that are not bundled into the command line, since they need the user's projen. */
interface Scaffold {
  readonly PmcpDeployProject: new (options: object) => { synth(): void };
}

interface CrateModule {
  readonly describeCrate: (root: string) => { readonly name: string; readonly binary?: string };
}

function load<T>(module: string): T {
  const fromPackage = createRequire(join(packageRoot(), 'package.json'));
  try {
    return fromPackage(`./lib/${module}`) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND' || !/'projen/.test((error as Error).message)) throw error;
    throw new CliError('projen, which makes the CDK app, is not installed beside pmcp-deploy', {
      hint: 'run: npx projen new --from pmcp-deploy pmcp-deploy --outdir deploy',
      cause: error,
    });
  }
}

async function makeApp(root: string, app: string, { name, region, install }: InitChoices): Promise<void> {
  const { PmcpDeployProject } = load<Scaffold>('scaffold');
  process.chdir(root);
  if (!install) process.env.PROJEN_DISABLE_POST = 'true';
  const project = new PmcpDeployProject({
    outdir: relative(root, app),
    serverRoot: '..',
    serverName: name,
    region,
    devDeps: [packageSpec()],
    // What `projen new` passes, so that a .projenrc.ts with these choices is written.
    __new__: {},
  });
  project.synth();
}

function writeDeployFile(root: string, path: string, { name, region = 'us-east-1' }: InitChoices): void {
  const crate = load<CrateModule>('scaffold/crate').describeCrate(root);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderScaffold({ serverName: name ?? crate.name, region, binary: crate.binary }), { flag: 'wx' });
  success(`made ${shown(path)}`);
}

/** Adds a stage at the end of deploy.toml; the rest of the file stays as it is, to the letter. */
function addStage(path: string, stage: string, region: string | undefined): void {
  const { stages } = loadDeployFile(path);
  if (stages.includes(stage)) {
    success(`stage ${stage} is there already`);
    return;
  }
  const before = readFileSync(path, 'utf-8');
  const table = region ? `[stages.${stage}.aws]\nregion = ${JSON.stringify(region)}\n` : `[stages.${stage}]\n`;
  const text = `${before.replace(/\n*$/, '\n')}\n${table}`;
  writeFileSync(path, text);
  try {
    loadDeployFile(path, { stage });
  } catch (error) {
    writeFileSync(path, before);
    throw error;
  }
  success(`added stage ${stage} to ${shown(path)}`);
}

function shown(path: string): string {
  return relative(process.cwd(), resolve(path)) || '.';
}
