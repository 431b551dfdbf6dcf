import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadDeployFile, type DeployFile } from '../../config/load/deploy-file';
import { findUp } from '../../util/files';
import type { AwsTarget } from '../aws/clients';
import { requireLocalAws } from '../local/state';
import { CliError } from '../util/errors';

/** The options of a command that works on a stage. */
export interface StageOptions {
  readonly stage?: string;
  readonly local?: boolean;
}

/** A stage of the user's project, and the AWS that it is deployed to. */
export interface Project extends AwsTarget {
  /** The root folder of the server, which contains `.pmcp/deploy.toml`. */
  readonly root: string;

  /** The folder of the CDK app: `<root>/deploy`, or the root itself. */
  readonly appFolder: string;

  /** deploy.toml, read for the stage. */
  readonly file: DeployFile;

  readonly serverName: string;
  readonly stage: string;
  readonly stackName: string;

  /** The account in deploy.toml, if it has one. */
  readonly account?: string;
}

/**
 * The path of the deploy.toml of a folder, or of the nearest folder above it.
 *
 * @throws CliError if they have no deploy.toml
 */
export function findDeployFile(from: string = process.cwd()): string {
  const found = findUp(from, (folder) => {
    const path = join(folder, '.pmcp', 'deploy.toml');
    return existsSync(path) ? path : undefined;
  });
  if (found !== undefined) return found;
  throw new CliError(`no .pmcp/deploy.toml in ${resolve(from)} or a folder above it`, {
    hint: 'create it with "npx pmcp-deploy init", in the folder of the server',
  });
}

/**
 * Find and read the project of the current folder.
 *
 * @throws CliError if it is not in a project, or if `--local` is given and no local AWS runs; ConfigError if deploy.toml is invalid
 */
export async function openProject(options: StageOptions): Promise<Project> {
  const project = readProject(options.stage);
  return options.local ? { ...project, local: await requireLocalAws() } : project;
}

/** Find and read the project of the current folder, for the real AWS. */
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

/** The options that choose the stage of a project, for commands in hints: ` --stage prod --local`. */
export function stageFlags(project: Project): string {
  return `${project.stage === 'default' ? '' : ` --stage ${project.stage}`}${project.local ? ' --local' : ''}`;
}
