import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { loadDeployFile } from '../../config/load/deploy-file';
import { STAGE_NAME, STAGE_NAME_FORM } from '../../config/schema/stage-name';
import { renderScaffold } from '../../config/template';
import { findUp } from '../../util/files';
import { CliError } from '../util/errors';
import { packageRoot, packageSpec } from '../util/package-info';
import { colour, note, step, success, warn } from '../util/terminal';

export interface InitChoices {
  readonly region?: string;
  readonly name?: string;
  readonly stage?: string;

  /** If true, the packages of the CDK app are installed. */
  readonly install: boolean;
}

/** Create the files of a deployment in a Rust project. Existing files are left unchanged. */
export async function initialize(choices: InitChoices): Promise<void> {
  if (choices.stage !== undefined && !STAGE_NAME.test(choices.stage)) {
    throw new CliError(`--stage must be ${STAGE_NAME_FORM}, but is ${JSON.stringify(choices.stage)}`);
  }
  const root = serverFolder();
  const deployFile = join(root, '.pmcp', 'deploy.toml');
  const app = join(root, 'deploy');
  const hadFile = existsSync(deployFile);
  const hadApp = [app, root].some((folder) => existsSync(join(folder, 'cdk.json')));

  if (hadFile) {
    success(`${relativePath(deployFile)} already exists, left unchanged`);
    if (choices.name !== undefined) warn('--name has no effect: the name of the server is in [server] of deploy.toml');
    if (choices.region !== undefined && choices.stage === undefined) {
      warn('--region has no effect: the region is in [aws] of deploy.toml');
    }
  }
  if (hadApp) {
    success(`the CDK app already exists: ${relativePath(existsSync(join(app, 'cdk.json')) ? app : root)}`);
    if (!hadFile) writeDeployFile(root, deployFile, choices);
  } else {
    const name = hadFile ? loadDeployFile(deployFile).serverName : choices.name;
    await step(`CDK app in ${relativePath(app)}`, async () => createApp(root, app, { ...choices, name }), { live: choices.install });
    success(`created ${relativePath(app)}${hadFile ? '' : ` and ${relativePath(deployFile)}`}`);
  }
  if (choices.stage !== undefined) addStage(deployFile, choices.stage, hadFile ? choices.region : undefined);
  loadDeployFile(deployFile, { stage: choices.stage });
  note();
  // npx finds this package only in the folder where it is installed.
  const there = relativePath(existsSync(join(app, 'cdk.json')) ? app : root);
  const where = there === '.' ? '' : ` (in ${there})`;
  note(`Next steps${where}:`);
  note(`  ${colour.cyan('npx pmcp-deploy local')}   deploy to a local AWS on this machine`);
  note(`  ${colour.cyan('npx pmcp-deploy deploy')}  deploy to AWS`);
}

/** The folder of the Rust server: the current folder, or the nearest one above with a Cargo.toml. */
function serverFolder(): string {
  const found = findUp(process.cwd(), (folder) => (existsSync(join(folder, 'Cargo.toml')) ? folder : undefined));
  if (found !== undefined) return found;
  throw new CliError(`no Cargo.toml in ${process.cwd()} or a folder above it`, {
    hint: 'run this in the folder of a Rust server; to create a new server, run in an empty folder:'
      + ' npx projen new --from pmcp-deploy pmcp-deploy',
  });
}

/** Parts of this package that are not in the bundle of the command line, because they need the projen of the user. */
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
    throw new CliError('projen is not installed next to pmcp-deploy, and it creates the CDK app', {
      hint: 'run: npx projen new --from pmcp-deploy pmcp-deploy --outdir deploy',
      cause: error,
    });
  }
}

async function createApp(root: string, app: string, { name, region, install }: InitChoices): Promise<void> {
  const { PmcpDeployProject } = load<Scaffold>('scaffold');
  process.chdir(root);
  if (!install) process.env.PROJEN_DISABLE_POST = 'true';
  const project = new PmcpDeployProject({
    outdir: relative(root, app),
    serverRoot: '..',
    serverName: name,
    region,
    devDeps: [packageSpec()],
    // As with `projen new`, write a .projenrc.ts with these options.
    __new__: {},
  });
  project.synth();
}

function writeDeployFile(root: string, path: string, { name, region = 'us-east-1' }: InitChoices): void {
  const crate = load<CrateModule>('scaffold/crate').describeCrate(root);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderScaffold({ serverName: name ?? crate.name, region, binary: crate.binary }), { flag: 'wx' });
  success(`created ${relativePath(path)}`);
}

/** Append a stage to deploy.toml. The rest of the file is not changed. */
function addStage(path: string, stage: string, region: string | undefined): void {
  const { stages } = loadDeployFile(path);
  if (stages.includes(stage)) {
    success(`stage ${stage} already exists`);
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
  success(`added stage ${stage} to ${relativePath(path)}`);
}

function relativePath(path: string): string {
  return relative(process.cwd(), resolve(path)) || '.';
}
