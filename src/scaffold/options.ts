/**
 * Options of `PmcpDeployProject`.
 */
export interface PmcpDeployProjectOptions {
  /**
   * Name of the MCP server in a new deploy.toml, and prefix of the app's package name.
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
   * @default - ".." if it has a Cargo.toml, else "."
   */
  readonly serverRoot?: string;

  /**
   * Folder that the CDK app is written to.
   *
   * @default - the current folder, or "deploy" if the current folder has a Cargo.toml
   */
  readonly outdir?: string;

  /**
   * Additional development dependencies of the CDK app. They can include another source of pmcp-deploy.
   *
   * @default - pmcp-deploy, from the npm registry
   */
  readonly devDeps?: string[];
}
