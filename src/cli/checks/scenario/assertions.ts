import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { valueAt } from './paths';

const amounts = {
  equals: z.number().optional(),
  greater_than: z.number().optional(),
  greater_than_or_equal: z.number().optional(),
  less_than: z.number().optional(),
  less_than_or_equal: z.number().optional(),
  between: z.strictObject({ min: z.number(), max: z.number() }).optional(),
};
const compares = (value: Partial<Amounts>) => Object.keys(amounts).some((key) => value[key as keyof Amounts] !== undefined);
const needsAmount = 'must have one of equals, greater_than, greater_than_or_equal, less_than, less_than_or_equal, between';

type Amounts = z.infer<z.ZodObject<typeof amounts>>;

/** An assertion about a step's result, in the format of mcp-tester's scenario files. */
export const assertion = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('success') }),
  z.strictObject({ type: z.literal('failure') }),
  z.strictObject({ type: z.literal('equals'), path: z.string(), value: z.unknown(), ignore_case: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('contains'), path: z.string(), value: z.string(), ignore_case: z.boolean().default(false) }),
  z.strictObject({ type: z.literal('matches'), path: z.string(), pattern: z.string() }),
  z.strictObject({ type: z.literal('exists'), path: z.string() }),
  z.strictObject({ type: z.literal('not_exists'), path: z.string() }),
  z.strictObject({ type: z.literal('array_length'), path: z.string(), ...amounts }).refine(compares, needsAmount),
  z.strictObject({ type: z.literal('numeric'), path: z.string(), ...amounts }).refine(compares, needsAmount),
  z.strictObject({ type: z.literal('jsonpath'), expression: z.string(), expected: z.unknown().optional() }),
]);

export type Assertion = z.infer<typeof assertion>;

/** The violation of an assertion by a step's result, or undefined if the assertion holds. */
export function findViolation(wanted: Assertion, response: Record<string, unknown>): string | undefined {
  switch (wanted.type) {
    case 'success':
      return isFailure(response) ? `expected success, received the error ${show(response.error)}` : undefined;
    case 'failure':
      return isFailure(response) ? undefined : 'expected a failure, but it succeeded';
    case 'jsonpath': {
      const value = valueAt(response, wanted.expression);
      if (wanted.expected === undefined) return isPresent(value) ? undefined : `${wanted.expression} does not exist`;
      return same(value, wanted.expected, false) ? undefined : difference(wanted.expression, wanted.expected, value);
    }
    default:
      return violationAt(wanted, valueAt(response, wanted.path));
  }
}

type AtPath = Extract<Assertion, { readonly path: string }>;

function violationAt(wanted: AtPath, value: unknown): string | undefined {
  const { path } = wanted;
  switch (wanted.type) {
    case 'equals':
      return same(value, wanted.value, wanted.ignore_case) ? undefined : difference(path, wanted.value, value);
    case 'contains': {
      const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
      const [whole, part] = [text, wanted.value].map((each) => wanted.ignore_case ? each.toLowerCase() : each);
      return isPresent(value) && whole.includes(part) ? undefined : `${path} does not contain ${show(wanted.value)}: ${show(value)}`;
    }
    case 'matches':
      return isPresent(value) && new RegExp(wanted.pattern, 'u').test(typeof value === 'string' ? value : JSON.stringify(value))
        ? undefined : `${path} does not match ${wanted.pattern}: ${show(value)}`;
    case 'exists':
      return isPresent(value) ? undefined : `${path} does not exist`;
    case 'not_exists':
      return isPresent(value) ? `${path} exists: ${show(value)}` : undefined;
    case 'array_length':
      if (!Array.isArray(value)) return `${path} is not an array: ${show(value)}`;
      return limitViolation(wanted, value.length, `the length of ${path}`);
    case 'numeric':
      return typeof value === 'number' ? limitViolation(wanted, value, path) : `${path} is not a number: ${show(value)}`;
  }
}

function isFailure({ error, success }: Record<string, unknown>): boolean {
  return success === false || isPresent(error);
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function same(a: unknown, b: unknown, ignoreCase: boolean): boolean {
  return ignoreCase && typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : isDeepStrictEqual(a, b);
}

function limitViolation(limits: Amounts, value: number, what: string): string | undefined {
  const { equals, greater_than: above, greater_than_or_equal: from, less_than: below, less_than_or_equal: to, between } = limits;
  const wrong = [
    equals !== undefined && value !== equals && `expected ${equals}`,
    above !== undefined && !(value > above) && `expected more than ${above}`,
    from !== undefined && !(value >= from) && `expected at least ${from}`,
    below !== undefined && !(value < below) && `expected less than ${below}`,
    to !== undefined && !(value <= to) && `expected at most ${to}`,
    between && !(value >= between.min && value <= between.max) && `expected ${between.min} to ${between.max}`,
  ].find((problem) => problem);
  return wrong ? `${what} is ${value}, ${wrong}` : undefined;
}

function difference(path: string, expected: unknown, value: unknown): string {
  return `${path} is ${show(value)}, expected ${show(expected)}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
