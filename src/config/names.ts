/** The tag that says which server's stack this is; a stack without it was not made by this package. */
export const OWNER_TAG = 'pmcp-deploy:server';

/** The tag that says which stage a stack is. */
export const STAGE_TAG = 'pmcp-deploy:stage';

/** The stage that needs no table in deploy.toml. */
export const DEFAULT_STAGE = 'default';

/**
 * The name of the CloudFormation stack of a server in a stage: the server's name, with `-<stage>` for other stages than the default one.
 *
 * Characters that CloudFormation does not take (underscores, for example) become hyphens.
 */
export function stackName(server: string, stage: string = DEFAULT_STAGE): string {
  const name = stage === DEFAULT_STAGE ? server : `${server}-${stage}`;
  return name.replace(/[^A-Za-z0-9-]+/g, '-');
}

/** What the names of a stage's secrets begin with in Secrets Manager. */
export function secretPrefix(server: string, stage: string = DEFAULT_STAGE): string {
  return `pmcp-deploy/${server}/${stage}/`;
}
