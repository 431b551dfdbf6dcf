import { Stack } from 'aws-cdk-lib';
import { ApplicationLogLevel, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { UserError } from '../util/user-error';

/**
 * Lambda's limit on the environment variables of a function, names and values together, in bytes:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_BYTES = 4096;

/** Levels of `RUST_LOG`, from the fewest lines to the most. The numbers 0 to 5 mean the same. */
const LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'];

/**
 * Properties of a server that set environment variables.
 *
 * @internal
 */
export interface VariableSources {
  readonly environment?: { readonly [name: string]: string };
  readonly secrets?: { readonly [name: string]: unknown };
  readonly cors?: { readonly allowOrigins: string[] };
}

/**
 * Environment variables in which the construct tells the server how it is deployed. Other values for them are refused.
 *
 * @internal
 */
export class OwnVariables {
  private readonly known = new Map<string, { readonly value: string; readonly what: string; readonly from: string }>();

  constructor(private readonly props: VariableSources, path: string) {
    this.add('MCP_PATH', path, "the endpoint's path", 'path');
    if (props.cors) this.add('MCP_ALLOWED_ORIGINS', props.cors.allowOrigins.join(' '), 'the list of cors.allowOrigins', 'cors');
    this.reserve('MCP_AUTH_MODE', 'auth');
  }

  /**
   * Add a variable.
   *
   * @param what the value's meaning, for error messages
   * @param from the property that sets it, for error messages
   * @throws UserError if the properties set it to another value
   */
  public add(name: string, value: string, what: string, from: string): void {
    this.reserve(name, from);
    this.known.set(name, { value, what, from });
    this.check(name, this.props.environment?.[name] ?? value);
  }

  /** @throws UserError if the value differs from the construct's own */
  public check(name: string, value: string): void {
    const own = this.known.get(name);
    if (own === undefined || own.value === value) return;
    const contradiction = `environment.${name} is ${JSON.stringify(value)}, but ${own.what} is ${JSON.stringify(own.value)}`;
    throw new UserError(`${contradiction}: set ${own.from} only`);
  }

  /** Add all variables to the function. */
  public apply(lambdaFunction: LambdaFunction): void {
    for (const [name, { value }] of this.known) lambdaFunction.addEnvironment(name, value);
  }

  private reserve(name: string, from: string): void {
    if (Object.hasOwn(this.props.secrets ?? {}, name)) {
      throw new UserError(`secrets.${name} would set what ${from} sets: choose another name`);
    }
  }
}

/**
 * Level of the application logs that Lambda passes to CloudWatch: that of `RUST_LOG`, and at least `INFO`.
 *
 * Lambda drops lines below the level, and treats lines without a level as `INFO`. A stricter level would drop metrics and panics. A looser
 * one would flood the logs of servers that take their level from `AWS_LAMBDA_LOG_LEVEL`.
 *
 * @internal
 */
export function applicationLogLevel(lambdaFunction: LambdaFunction): ApplicationLogLevel {
  const rustLog = variables(lambdaFunction).RUST_LOG;
  const levels = typeof rustLog === 'string' && rustLog !== '' ? rustLog.split(',').map(levelOf) : [];
  const most = Math.max(LEVELS.indexOf('info'), ...levels);
  return { debug: ApplicationLogLevel.DEBUG, trace: ApplicationLogLevel.TRACE }[LEVELS[most]] ?? ApplicationLogLevel.INFO;
}

/** Level of one directive: `debug`, `my_crate=debug`, or `my_crate`, which enables every level of that crate. */
function levelOf(directive: string): number {
  const text = directive.trim();
  if (text === '') return -1;
  const word = text.slice(text.lastIndexOf('=') + 1).trim().toLowerCase();
  const level = /^[0-5]$/.test(word) ? Number(word) : LEVELS.indexOf(word);
  return level === -1 && !text.includes('=') ? LEVELS.indexOf('trace') : level;
}

/**
 * Errors of a function's environment variables together, including those added after the construct was created. Values that are known only
 * at deployment count as empty.
 *
 * @internal
 */
export function environmentErrors(lambdaFunction: LambdaFunction): string[] {
  const sizes = Object.entries(variables(lambdaFunction))
    .map(([name, value]) => Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 0));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes <= MAX_BYTES ? [] : [
    `the environment variables have ${bytes} bytes, names and values together, and Lambda allows ${MAX_BYTES}: `
    + 'shorten environment or cors.allowOrigins',
  ];
}

/** Environment variables as in the template: strings, and intrinsic functions. */
function variables(lambdaFunction: LambdaFunction): Readonly<Record<string, unknown>> {
  const { environment } = lambdaFunction.node.defaultChild as CfnFunction;
  const resolved = Stack.of(lambdaFunction).resolve(environment) as CfnFunction.EnvironmentProperty | undefined;
  return (resolved?.variables ?? {}) as Readonly<Record<string, unknown>>;
}
