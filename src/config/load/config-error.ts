import { UserError } from '../../util/user-error';

/**
 * An invalid deploy.toml. The message is the full text for the user: all problems, with their positions.
 *
 * @internal
 */
export class ConfigError extends UserError {}
