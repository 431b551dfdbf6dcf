import { awscdk } from 'projen';

/**
 * Options of `PmcpDeployProject`.
 */
export interface PmcpDeployProjectOptions {
  /**
   * The AWS region of the first deployment.
   *
   * @default 'us-east-1'
   */
  readonly region?: string;
}

/**
 * A CDK app that deploys an MCP server written in Rust.
 *
 * @pjid pmcp-deploy
 */
export class PmcpDeployProject extends awscdk.AwsCdkTypeScriptApp {
  constructor(options: PmcpDeployProjectOptions = {}) {
    super({ name: options.region ?? 'x', cdkVersion: '2.276.0', defaultReleaseBranch: 'main' });
  }
}
