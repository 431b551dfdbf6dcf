import { Token } from 'aws-cdk-lib';
import { UserError } from '../../util/user-error';

/** What turns one argument into a second command where a shell reads it. No shell reads ours, and no build needs them. */
const SHELL = /[\n\r`;|<>&]|\$[({]/;

/** Throws unless a value, such as a path or a glob, is text that is known now. */
export function knownText(option: string, value: string): string {
  if (Token.isUnresolved(value)) {
    throw new UserError(`${option}: "${value}" is a CDK token, whose value is not known when the crate is built: give a plain string`);
  }
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new UserError(`${option}: expected text that is not empty, got ${JSON.stringify(value)}`);
  }
  return value;
}

/** Throws unless a value of a build option is known now, and nothing that a shell would take for a command. */
export function plainText(option: string, value: string): string {
  knownText(option, value);
  if (SHELL.test(value)) {
    throw new UserError(`${option}: ${JSON.stringify(value)} has characters of a shell command; options are passed as they are, never through a shell: `
      + 'give one argument without any of ; & | < > ` $( and line breaks, and put commands into commandHooks');
  }
  return value;
}

/** Throws unless a value is a name, such as a feature or a profile. */
export function plainName(option: string, value: string, allowed: RegExp = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u): string {
  plainText(option, value);
  if (!allowed.test(value)) {
    throw new UserError(`${option}: ${JSON.stringify(value)} is not a name that cargo knows`);
  }
  return value;
}

/** Throws unless each value of a list is plain text. */
export function plainList(option: string, values: string[] = []): string[] {
  return knownList(option, values).map((value, index) => plainText(`${option}[${index}]`, value));
}

/** Throws unless each value of a list is text that is known now. */
export function knownList(option: string, values: string[] = []): string[] {
  if (Token.isUnresolved(values)) {
    throw new UserError(`${option}: the list is a CDK token, whose value is not known when the crate is built: give plain strings`);
  }
  return values.map((value, index) => knownText(`${option}[${index}]`, value));
}

/** Throws unless each variable of a build environment has a name and a value that is known now. */
export function plainEnvironment(option: string, environment: { [key: string]: string } = {}): { [key: string]: string } {
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[^=\0\s]+$/.test(name)) {
      throw new UserError(`${option}: ${JSON.stringify(name)} is not a name of an environment variable`);
    }
    // The value itself may be a secret, and is not shown.
    if (Token.isUnresolved(value)) {
      throw new UserError(`${option}.${name}: the value is a CDK token, which is not known when the crate is built: give a plain string`);
    }
    if (typeof value !== 'string' || value.includes('\0')) {
      throw new UserError(`${option}.${name}: expected text, got ${typeof value}`);
    }
  }
  return environment;
}
