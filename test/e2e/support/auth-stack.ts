/** deploy.toml of the app in the tests of sign-in. */
export const DEPLOY_TOML = `
[aws]
region = "us-east-1"

[server]
name = "hello"

[auth]
enabled = true
provider = "cognito"

[auth.dcr]
enabled = true
`;

/** A stack with a server of each mode, all of the same build. */
export function stackSource(issuer: string): string {
  return `
import { join } from 'node:path';
import { Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeployConfig, McpAuth, McpRustLambda, McpServerStack } from 'pmcp-deploy';

export class ServerStack extends McpServerStack {
  constructor(scope: Construct, id: string, config: DeployConfig) {
    super(scope, id, { config });
    // AWS wants https of an issuer, and so does the construct; a local AWS takes http, and a value that is not known yet is not looked at.
    const issuer = Lazy.string({ produce: () => '${issuer}' });
    const jwt = { issuer, scopes: ['mcp/read', 'mcp/write'] };
    this.add('machines', McpAuth.cognito({ machineClient: true, removalPolicy: RemovalPolicy.DESTROY }));
    this.add('exact', McpAuth.cognito({ strictAudience: true, removalPolicy: RemovalPolicy.DESTROY }));
    this.add('jwt', McpAuth.jwt({ ...jwt, audience: ['test-client'], clientId: 'test-client' }));
    this.add('strict', McpAuth.jwt({ ...jwt, strictAudience: true }));
    this.add('iam', McpAuth.iam());
    this.add('open', McpAuth.none());
  }

  private add(id: string, auth: McpAuth) {
    new McpRustLambda(this, id, { manifestPath: join(__dirname, '..', 'Cargo.toml'), auth });
  }
}
`;
}
