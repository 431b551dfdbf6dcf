/*
 * Defaults of McpRustLambda that the schema of deploy.toml shares. This file imports nothing, so that `validate` does not load aws-cdk-lib.
 */

export const DEFAULT_PATH = '/mcp';

export const DEFAULT_MEMORY_MB = 512;

/** Timeout of an HTTP API, which answers 503 then: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const GATEWAY_TIMEOUT_SECONDS = 30;

/** A function that times out before the HTTP API can still report the cause. */
export const DEFAULT_TIMEOUT_SECONDS = 29;

/** How long browsers cache the answer to a preflight request. Each browser has a limit of its own, too. */
export const DEFAULT_CORS_MAX_AGE_SECONDS = 86_400;
