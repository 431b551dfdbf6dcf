import { Token } from 'aws-cdk-lib';
import { UserError } from '../../util/user-error';

/** Characters that start another command in a shell. No build needs them, and no shell reads the options: they are probably a mistake. */
const SHELL = /[\n\r`;|<>&]|\$[({]/;

/** @throws UserError if a value, such as a path or a glob, is empty or a token */
export function checkText(option: string, value: string): string {
  if (Token.isUnresolved(value)) {
    throw new UserError(`${option}: "${value}" is a CDK token, whose value is not known when the crate is built: give a plain string`);
  }
  if (typeof value !== 'string' || value === '' || value.includes('\0')) {
    throw new UserError(`${option}: expected text that is not empty, got ${JSON.stringify(value)}`);
  }
  return value;
}

/** @throws UserError if a value is empty, a token, or has characters of a shell command */
export function checkArgument(option: string, value: string): string {
  checkText(option, value);
  if (SHELL.test(value)) {
    throw new UserError(`${option}: ${JSON.stringify(value)} has characters of a shell command; `
      + 'options are passed as they are, never through a shell: '
      + 'give one argument without any of ; & | < > ` $( and line breaks, and put commands into commandHooks');
  }
  return value;
}

/** @throws UserError if a value is not a name, such as that of a feature or a profile */
export function checkName(option: string, value: string, allowed: RegExp = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u): string {
  checkArgument(option, value);
  if (!allowed.test(value)) {
    throw new UserError(`${option}: ${JSON.stringify(value)} is not a name that cargo knows`);
  }
  return value;
}

/** @throws UserError if a value of a list is not a valid argument (see `checkArgument`) */
export function checkArguments(option: string, values: string[] = []): string[] {
  return checkTexts(option, values).map((value, index) => checkArgument(`${option}[${index}]`, value));
}

/** @throws UserError if a list or a value of it is a token, or if a value is empty */
export function checkTexts(option: string, values: string[] = []): string[] {
  if (Token.isUnresolved(values)) {
    throw new UserError(`${option}: the list is a CDK token, whose value is not known when the crate is built: give plain strings`);
  }
  return values.map((value, index) => checkText(`${option}[${index}]`, value));
}

/** @throws UserError if the name of a variable is invalid, or its value is a token */
export function checkEnvironment(option: string, environment: { [key: string]: string } = {}): { [key: string]: string } {
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[^=\0\s]+$/.test(name)) {
      throw new UserError(`${option}: ${JSON.stringify(name)} is not a name of an environment variable`);
    }
    // The value can be a secret, so messages do not show it.
    if (Token.isUnresolved(value)) {
      throw new UserError(`${option}.${name}: the value is a CDK token, which is not known when the crate is built: give a plain string`);
    }
    if (typeof value !== 'string' || value.includes('\0')) {
      throw new UserError(`${option}.${name}: expected text, got ${typeof value}`);
    }
  }
  return environment;
}
