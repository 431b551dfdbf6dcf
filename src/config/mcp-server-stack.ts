import { Annotations, Stack, StackProps, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { McpRustLambda } from '../mcp-rust-lambda';
import { DeployConfig } from './deploy-config';
import { OWNER_TAG, STAGE_TAG } from './names';
import { ContextKey, contextText } from '../private/context';

/** Younger than most checkers of templates know; CloudFormation passes the tags of the stack on to it in any case. */
const UNTAGGED = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };

/**
 * Properties of `McpServerStack`.
 */
export interface McpServerStackProps extends StackProps {
  /** What deploy.toml says. Account, region, stack name, description and tags come from it where they are not given. */
  readonly config: DeployConfig;
}

/**
 * The stack that a deploy.toml describes: its server, or each of its servers.
 *
 * Resources of your own are added in a subclass, and granted to `server`.
 */
export class McpServerStack extends Stack {
  /** The server; the first one where there are several. */
  public readonly server: McpRustLambda;

  /** The servers by name. */
  public readonly servers: { [name: string]: McpRustLambda };

  constructor(scope: Construct, id: string, props: McpServerStackProps) {
    const { config, ...stackProps } = props;
    const ownTags = { [OWNER_TAG]: config.serverName, [STAGE_TAG]: config.stage };
    const localAccount = contextText(scope, ContextKey.ACCOUNT, /^\d{12}$/, 'an account id of 12 digits');
    super(scope, id, {
      ...stackProps,
      env: { ...stackProps.env ?? { account: config.account, region: config.region }, ...localAccount ? { account: localAccount } : {} },
      stackName: stackProps.stackName ?? config.stackName,
      description: stackProps.description ?? config.description,
      tags: { ...config.tags, ...stackProps.tags, ...ownTags },
    });
    for (const [key, value] of Object.entries({ ...config.tags, ...ownTags })) Tags.of(this).add(key, value, UNTAGGED);
    config.warnings.forEach((warning, index) => Annotations.of(this).addWarningV2(`pmcp-deploy:config${index + 1}`, warning));

    this.servers = Object.fromEntries(config.serverNames.map((name) => [name, this.addServer(config, name)]));
    this.server = this.servers[config.serverNames[0]];
  }

  private addServer(config: DeployConfig, name: string): McpRustLambda {
    const server = new McpRustLambda(this, name, config.serverProps(this, name));
    // The file's own warning says it with its place.
    Annotations.of(server).acknowledgeWarning('pmcp-deploy:timeoutBeyondGateway');
    return server;
  }
}
