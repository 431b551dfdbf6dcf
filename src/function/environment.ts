import { Stack } from 'aws-cdk-lib';
import { ApplicationLogLevel, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { McpRustLambdaProps } from '../mcp-rust-lambda-props';

/** All environment variables of a function, names and values together, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BYTES = 4096;

/** The words of `RUST_LOG`, from the fewest lines to the most. Numbers mean the same. */
const LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'];

/**
 * The variables that tell a server how it is deployed. A value that contradicts one is refused.
 *
 * @internal
 */
export class OwnVariables {
  private readonly known = new Map<string, { readonly value: string; readonly what: string; readonly from: string }>();

  constructor(private readonly props: McpRustLambdaProps, path: string) {
    this.add('MCP_PATH', path, "the endpoint's path", 'path');
    if (props.cors) this.add('MCP_ALLOWED_ORIGINS', props.cors.allowOrigins.join(' '), 'the list of cors.allowOrigins', 'cors');
    this.reserve('MCP_AUTH_MODE', 'auth');
  }

  /**
   * Adds one. In errors, its value is `what`, which the property `from` sets.
   *
   * @throws when the properties set it to something else
   */
  public add(name: string, value: string, what: string, from: string): void {
    this.reserve(name, from);
    this.known.set(name, { value, what, from });
    this.check(name, this.props.environment?.[name] ?? value);
  }

  /** @throws when it is another value than the construct's own */
  public check(name: string, value: string): void {
    const own = this.known.get(name);
    if (own === undefined || own.value === value) return;
    throw new Error(`environment.${name} is ${JSON.stringify(value)}, but ${own.what} is ${JSON.stringify(own.value)}: set ${own.from} only`);
  }

  /** Gives all of them to the function. */
  public apply(lambdaFunction: LambdaFunction): void {
    for (const [name, { value }] of this.known) lambdaFunction.addEnvironment(name, value);
  }

  private reserve(name: string, from: string): void {
    if (Object.hasOwn(this.props.secrets ?? {}, name)) throw new Error(`secrets.${name} would set what ${from} sets: choose another name`);
  }
}

/**
 * What of a function's application logs goes to CloudWatch: as much as `RUST_LOG` asks for, and never less than `INFO`.
 *
 * Lambda drops lines below the level, and takes lines without one for `INFO`: with a stricter level, the lines of metrics and of panics
 * would be lost. With a looser one than asked for, servers that take their level from `AWS_LAMBDA_LOG_LEVEL` would write all they can.
 *
 * @internal
 */
export function applicationLogLevel(lambdaFunction: LambdaFunction): ApplicationLogLevel {
  const rustLog = variables(lambdaFunction).RUST_LOG;
  const levels = typeof rustLog === 'string' && rustLog !== '' ? rustLog.split(',').map(levelOf) : [];
  const most = Math.max(LEVELS.indexOf('info'), ...levels);
  return { debug: ApplicationLogLevel.DEBUG, trace: ApplicationLogLevel.TRACE }[LEVELS[most]] ?? ApplicationLogLevel.INFO;
}

/** The level of one directive: `debug`, `my_crate=debug`, or `my_crate`, which asks for everything of that crate. */
function levelOf(directive: string): number {
  const text = directive.trim();
  if (text === '') return -1;
  const word = text.slice(text.lastIndexOf('=') + 1).trim().toLowerCase();
  const level = /^[0-5]$/.test(word) ? Number(word) : LEVELS.indexOf(word);
  return level === -1 && !text.includes('=') ? LEVELS.indexOf('trace') : level;
}

/**
 * What is wrong with all of a function's variables together, those included that are added later. What is known at deployment only is
 * not counted.
 *
 * @internal
 */
export function environmentErrors(lambdaFunction: LambdaFunction): string[] {
  const sizes = Object.entries(variables(lambdaFunction)).map(([name, value]) => Buffer.byteLength(name) + (typeof value === 'string' ? Buffer.byteLength(value) : 0));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes <= MAX_BYTES ? [] : [
    `the environment variables have ${bytes} bytes, names and values together, and Lambda takes ${MAX_BYTES}: shorten environment or cors.allowOrigins`,
  ];
}

/** The variables as they are in the template: strings, and what CloudFormation makes strings of. */
function variables(lambdaFunction: LambdaFunction): Readonly<Record<string, unknown>> {
  const { environment } = lambdaFunction.node.defaultChild as CfnFunction;
  const resolved = Stack.of(lambdaFunction).resolve(environment) as CfnFunction.EnvironmentProperty | undefined;
  return (resolved?.variables ?? {}) as Readonly<Record<string, unknown>>;
}
