import { Construct } from 'constructs';
import { DeployConfig, McpServerStack } from 'pmcp-deploy';

/** The MCP server as .pmcp/deploy.toml describes it, and what you add to it here. */
export class ServerStack extends McpServerStack {
  constructor(scope: Construct, id: string, config: DeployConfig) {
    super(scope, id, { config });

    // A table that the server may use, for example (import * as dynamodb from 'aws-cdk-lib/aws-dynamodb'):
    //
    // const notes = new dynamodb.TableV2(this, 'Notes', {
    //   partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    // });
    // notes.grantReadWriteData(this.server);
    // this.server.addEnvironment('NOTES_TABLE', notes.tableName);
  }
}
