/*
 * Patterns of values that McpAuth and the schema of deploy.toml share. This file imports nothing, so that `validate` does not load
 * aws-cdk-lib.
 */

/**
 * The characters of a scope (RFC 6749, section 3.3): printable ASCII without space, quote and backslash.
 *
 * @internal
 */
export const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/**
 * The prefix of a user pool's domain:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
 *
 * @internal
 */
export const DOMAIN_PREFIX = /^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An issuer (OpenID Connect Discovery 1.0): an https URL without query and fragment.
 *
 * @internal
 */
export const ISSUER = /^https:\/\/[^\s/?#]+[^\s?#]*$/;

/**
 * An audience that is a URI, which no client id can equal.
 *
 * @internal
 */
export const AUDIENCE_URI = /^[a-z][a-z0-9+.-]*:/i;
