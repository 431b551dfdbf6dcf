import { Construct } from 'constructs';
import { McpRustLambdaProps } from '../mcp-rust-lambda-props';
import type { Deployment, DeployFile } from './load/deploy-file';
import { secretPrefix } from './names';
import type { Crate } from './props/crates';
import { UserError } from '../util/user-error';

/**
 * Options of `DeployConfig.load`.
 */
export interface DeployConfigLoadOptions {
  /**
   * Name of the stage. Its table `[stages.<name>]` overrides the rest of the file.
   *
   * @default 'default' - the file without the tables of stages
   */
  readonly stage?: string;
}

/**
 * Configuration of one stage, from a `.pmcp/deploy.toml`.
 *
 * @example
 * const config = DeployConfig.load('.pmcp/deploy.toml', { stage: 'prod' });
 * new McpServerStack(app, config.stackName, { config });
 */
export class DeployConfig {
  /**
   * Read and validate a deploy.toml.
   *
   * @param path path of the file, absolute or relative to the current folder
   * @param options the stage
   * @throws UserError with all problems of the file, each with line and column
   */
  public static load(path: string, options: DeployConfigLoadOptions = {}): DeployConfig {
    // Loaded on first use, so that apps without a deploy.toml do not load the parsers.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { loadDeployFile } = require('./load/deploy-file') as typeof import('./load/deploy-file');
    return new DeployConfig(loadDeployFile(path, options));
  }

  /** Absolute path of the file. */
  public readonly path: string;

  /** Absolute path of the folder that paths in the file are relative to: the parent of `.pmcp`, or the folder of the file. */
  public readonly serverRoot: string;

  /** The name in `[server]`. */
  public readonly serverName: string;

  /** The names of the servers in the stack: of `[[servers]]`, or of `[server]`. */
  public readonly serverNames: string[];

  /** The chosen stage. */
  public readonly stage: string;

  /** All stages of the file, `default` first. */
  public readonly stages: string[];

  /** The name of the CloudFormation stack. */
  public readonly stackName: string;

  /** The AWS region to deploy to. */
  public readonly region: string;

  /**
   * The AWS account to deploy to.
   *
   * @default - the account of the credentials at deployment
   */
  public readonly account?: string;

  /** The path of the MCP endpoint of the first server. */
  public readonly mcpPath: string;

  /** The description of the stack. */
  public readonly description?: string;

  /** The tags of the stack's resources, without those that this package adds. */
  public readonly tags: { [key: string]: string };

  /** Warnings about the file, each with line and column. */
  public readonly warnings: string[];

  private readonly file: DeployFile;
  private crates?: Crate[];

  private constructor(file: DeployFile) {
    this.file = file;
    this.path = file.path;
    this.serverRoot = file.root;
    this.serverName = file.serverName;
    this.serverNames = file.servers.map(({ server }) => server.name);
    this.stage = file.stage;
    this.stages = [...file.stages];
    this.stackName = file.stackName;
    this.region = file.region;
    this.account = file.account;
    this.mcpPath = file.servers[0].server.mcp_path;
    this.description = file.deployment.composition.description;
    this.tags = { ...factTags(file.deployment), ...file.deployment.tags };
    this.warnings = file.warnings.map(({ message }) => message.split('\n')[0]);
  }

  /**
   * Return the properties for a server's construct. This builds its widgets, unless the stack is only listed or destroyed.
   *
   * @param scope scope of the constructs that the properties refer to, such as the VPC
   * @param serverName one of `serverNames`; the first one by default
   * @throws UserError if there is no such server
   */
  public serverProps(scope: Construct, serverName: string = this.serverNames[0]): McpRustLambdaProps {
    const index = this.serverNames.indexOf(serverName);
    if (index < 0) {
      throw new UserError(`${this.path} has no server ${JSON.stringify(serverName)}: it has ${this.serverNames.join(', ')}`);
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { cratesOf, buildWidgets, serverProps } = require('./props/server-props') as typeof import('./props/server-props');
    const deployment = this.file.servers[index];
    buildWidgets(scope, deployment, this.serverRoot);
    this.crates ??= cratesOf(this.file.servers, this.serverRoot);
    return serverProps(scope, deployment, this.crates[index], secretPrefix(this.serverName, this.stage));
  }
}

/** The values of `[composition]` and `[metadata]`, as tags. They have no other effect on AWS. */
function factTags({ composition, metadata }: Deployment): { [key: string]: string } {
  const facts: Record<string, string | boolean | undefined> = {
    'pmcp:tier': composition.tier,
    'pmcp:allow-composition': composition.allow_composition,
    'pmcp:internal-only': composition.internal_only,
    'pmcp:server-type': metadata.server_type,
    'pmcp:snapshot-baked': metadata.snapshot_baked,
  };
  return Object.fromEntries(Object.entries(facts).flatMap(([key, value]) => value === undefined ? [] : [[key, String(value)]]));
}
