/**
 * Options of `PmcpDeployProject`.
 */
export interface PmcpDeployProjectOptions {
  /**
   * Name of the MCP server in a new deploy.toml, and the start of the app's package name.
   *
   * @default - the name of the package in Cargo.toml, or of the folder
   */
  readonly serverName?: string;

  /**
   * AWS region in a new deploy.toml.
   *
   * @default "us-east-1"
   */
  readonly region?: string;

  /**
   * Folder with the server's Cargo.toml and .pmcp, relative to the CDK app.
   *
   * @default - ".." when there is a Cargo.toml, else "."
   */
  readonly serverRoot?: string;

  /**
   * Folder that the CDK app is written to.
   *
   * @default - the current folder, or "deploy" where that has a Cargo.toml
   */
  readonly outdir?: string;

  /**
   * Further packages of the CDK app, also where pmcp-deploy itself comes from.
   *
   * @default - pmcp-deploy, from the registry
   */
  readonly devDeps?: string[];
}
