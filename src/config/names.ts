/** Tag with the server's name. A stack without it does not belong to this package. */
export const OWNER_TAG = 'pmcp-deploy:server';

/** Tag with the stage of a stack. */
export const STAGE_TAG = 'pmcp-deploy:stage';

/** The stage without a table in deploy.toml. */
export const DEFAULT_STAGE = 'default';

/**
 * Name of the CloudFormation stack: the server's name, followed by `-<stage>` unless it is the default stage.
 *
 * Characters that CloudFormation refuses, such as underscores, become hyphens.
 */
export function stackName(server: string, stage: string = DEFAULT_STAGE): string {
  const name = stage === DEFAULT_STAGE ? server : `${server}-${stage}`;
  return name.replace(/[^A-Za-z0-9-]+/g, '-');
}

/** Prefix of the names of a stage's secrets in Secrets Manager. */
export function secretPrefix(server: string, stage: string = DEFAULT_STAGE): string {
  return `pmcp-deploy/${server}/${stage}/`;
}
