import { Annotations, Stack, StackProps, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { McpRustLambda } from '../mcp-rust-lambda';
import { DeployConfig } from './deploy-config';
import { OWNER_TAG, STAGE_TAG } from './names';
import { ContextKey, contextText } from '../private/context';

/** Most template linters do not know tags of this type. CloudFormation propagates the stack's tags to it anyway. */
const UNTAGGED = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };

/**
 * Properties of `McpServerStack`.
 */
export interface McpServerStackProps extends StackProps {
  /** Configuration of the stack. It is the default for account, region, stack name, description and tags. */
  readonly config: DeployConfig;
}

/**
 * Stack with the server or servers of a deploy.toml.
 *
 * Add your own resources in a subclass, and grant `server` access to them.
 */
export class McpServerStack extends Stack {
  /** The server, or the first one of several. */
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
    // The file has the same warning, with its position.
    Annotations.of(server).acknowledgeWarning('pmcp-deploy:timeoutBeyondGateway');
    return server;
  }
}
