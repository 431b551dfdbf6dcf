import { UserError } from '../../util/user-error';

/**
 * What is wrong with a deploy.toml. The message is the full text for the user: all problems, with their places.
 *
 * @internal
 */
export class ConfigError extends UserError {}
