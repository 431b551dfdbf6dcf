import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadDeployFile, type DeployFile } from '../../config/load/deploy-file';
import type { AwsTarget } from '../aws/clients';
import { requireLocalAws } from '../local/state';
import { CliError } from '../util/errors';

/** The options that each command with a stage has. */
export interface StageOptions {
  readonly stage?: string;
  readonly local?: boolean;
}

/** One stage of the user's project, and where it is deployed to. */
export interface Project extends AwsTarget {
  /** The server's root folder, with `.pmcp/deploy.toml` in it. */
  readonly root: string;

  /** The folder of the CDK app: `<root>/deploy`, or the root itself. */
  readonly appFolder: string;

  /** What deploy.toml says for the stage. */
  readonly file: DeployFile;

  readonly serverName: string;
  readonly stage: string;
  readonly stackName: string;

  /** The account of deploy.toml, where it says one. */
  readonly account?: string;

  /** Versions go live at once in this run, whatever `[deployment] strategy` says. */
  readonly atOnce?: boolean;

  /** The secrets that are there, without their values; unknown while nobody has looked. */
  readonly secrets?: Readonly<Record<string, { readonly arn: string; readonly versionId: string }>>;
}

/**
 * The deploy.toml of a folder, or of the nearest folder above it.
 *
 * @throws CliError when there is none
 */
export function findDeployFile(from: string = process.cwd()): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, '.pmcp', 'deploy.toml');
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) break;
  }
  throw new CliError(`no .pmcp/deploy.toml in ${resolve(from)} or a folder above it; run "npx pmcp-deploy init" in the server's folder to make one`);
}

/**
 * Finds and reads the project that the current folder is in.
 *
 * @throws CliError when there is none, or when a local AWS is asked for and none runs; ConfigError for a wrong deploy.toml
 */
export async function openProject(options: StageOptions): Promise<Project> {
  const project = readProject(options.stage);
  return options.local ? { ...project, local: await requireLocalAws() } : project;
}

/** The project of the current folder, for the real AWS. */
export function readProject(stage?: string): Project {
  const file = loadDeployFile(findDeployFile(), { stage });
  const { root, serverName, stackName, region, account } = file;
  const nested = join(root, 'deploy');
  return {
    root,
    appFolder: existsSync(join(nested, 'cdk.json')) ? nested : root,
    file,
    serverName,
    stage: file.stage,
    stackName,
    region,
    account,
  };
}

/** The options that choose this project's stage, to be repeated in advice: ` --stage prod --local`. */
export function stageFlags(project: Project): string {
  return `${project.stage === 'default' ? '' : ` --stage ${project.stage}`}${project.local ? ' --local' : ''}`;
}
