/*
 * Patterns of names that McpRustLambda, the schema of deploy.toml and the command line share. This file imports nothing, so that `validate`
 * does not load aws-cdk-lib.
 */

/**
 * An environment variable of a Lambda function: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
 *
 * @internal
 */
export const VARIABLE_NAME = /^[A-Za-z][A-Za-z0-9_]+$/;

/**
 * A secret's name in deploy.toml: an environment variable of at most 128 characters.
 *
 * @internal
 */
export const SECRET_NAME = /^[A-Za-z][A-Za-z0-9_]{1,127}$/;
