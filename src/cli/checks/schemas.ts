import type { ErrorObject, ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { Failed } from './report/results';

// Two tools may use the same $id, so schemas are not cached by it.
const OPTIONS = { strict: false, allErrors: true, validateFormats: false, logger: false, addUsedSchema: false } as const;
const dialects = { draft7: new Ajv(OPTIONS), draft2020: new Ajv2020(OPTIONS) };

/**
 * Compile a JSON schema.
 *
 * @throws Failed if it is not valid
 */
export function compileSchema(schema: unknown, what: string): ValidateFunction {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new Failed(`${what} is not a JSON schema: ${JSON.stringify(schema)}`);
  }
  const { $schema } = schema as { readonly $schema?: unknown };
  // The protocol's default dialect is 2020-12.
  const older = typeof $schema === 'string' && /draft-0[67]/.test($schema);
  try {
    return (older ? dialects.draft7 : dialects.draft2020).compile(schema);
  } catch (error) {
    throw new Failed(`${what} is not a valid JSON schema: ${(error as Error).message}`);
  }
}

/** @throws Failed if the value does not match the schema */
export function requireValid(validate: ValidateFunction, value: unknown, what: string): void {
  if (validate(value)) return;
  throw new Failed(`${what} does not match its schema: ${(validate.errors ?? []).map(describeSchemaError).join('; ')}`);
}

function describeSchemaError({ instancePath, message }: ErrorObject): string {
  return `${instancePath || 'the whole value'} ${message}`;
}

/** Check the entry of a tool in its list. @throws Failed */
export function checkTool(tool: Record<string, unknown>): void {
  const { name, inputSchema, outputSchema } = tool;
  if (typeof name !== 'string' || name === '') throw new Failed(`a tool has no name: ${JSON.stringify(tool)}`);
  requireObjectSchema(inputSchema, `inputSchema of tool ${name}`);
  if (outputSchema !== undefined) requireObjectSchema(outputSchema, `outputSchema of tool ${name}`);
}

function requireObjectSchema(schema: unknown, what: string): void {
  compileSchema(schema, what);
  const { type } = schema as { readonly type?: unknown };
  if (type !== 'object') throw new Failed(`${what} must have "type": "object", it has ${JSON.stringify(type)}`);
}

/** Check the entry of a resource in its list. @throws Failed */
export function checkResource({ name, uri }: Record<string, unknown>): void {
  if (typeof uri !== 'string' || !/^[a-z][a-z0-9+.-]*:/i.test(uri)) throw new Failed(`a resource has no URI: ${JSON.stringify(uri)}`);
  if (typeof name !== 'string' || name === '') throw new Failed(`resource ${uri} has no name`);
}

/** Check the entry of a prompt in its list. @throws Failed */
export function checkPrompt({ name, arguments: parameters }: Record<string, unknown>): void {
  if (typeof name !== 'string' || name === '') throw new Failed('a prompt has no name');
  if (parameters === undefined) return;
  const isValid = Array.isArray(parameters) && parameters.every((each) => typeof (each as { name?: unknown } | null)?.name === 'string');
  if (!isValid) throw new Failed(`the arguments of prompt ${name} are not a list of named arguments: ${JSON.stringify(parameters)}`);
}
