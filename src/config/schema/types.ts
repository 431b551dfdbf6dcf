import * as z from 'zod';

/** Words for what a value may be, shown when it is something else. */
export const allowed = z.registry<{ readonly text: string }>();

/** Types whose values are never shown. */
export const sensitive = z.registry<{ readonly sensitive: true }>();

/** What people read about a key: in the scaffolded file, in the documentation and in their editor. */
export interface Documentation {
  readonly description: string;

  /** Example values; the first is shown, commented out, in the scaffolded file. */
  readonly examples?: unknown[];
}

/** A whole number. */
export function int(min: number, max: number, unit = '') {
  return z.int().min(min).max(max).register(allowed, { text: `a whole number from ${min} to ${max}${unit && ` (${unit})`}` });
}

/** A number, whole or not. */
export function number(min: number, max: number, unit = '') {
  return z.number().min(min).max(max).register(allowed, { text: `a number from ${min} to ${max}${unit && ` (${unit})`}` });
}

/** `true` or `false`. */
export function bool() {
  return z.boolean().register(allowed, { text: 'true or false' });
}

/** Any string but the empty one. */
export function text(words = 'a string that is not empty', maxLength?: number) {
  const type = z.string().min(1);
  return (maxLength === undefined ? type : type.max(maxLength)).register(allowed, { text: words });
}

/** A string of a certain form; `words` says which. */
export function matching(pattern: RegExp, words: string) {
  return z.string().regex(pattern).register(allowed, { text: words });
}

/** One of a few strings. */
export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values).register(allowed, { text: `one of ${values.map((value) => `"${value}"`).join(', ')}` });
}

/** An array; `words` names its elements in the plural. */
export function listOf<T extends z.ZodType>(element: T, words: string) {
  return z.array(element).register(allowed, { text: `an array of ${words}` });
}

/** A table with known keys only. */
export function table<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape).register(allowed, { text: 'a table' });
}

/** A table whose keys the user chooses. */
export function mapOf<K extends z.ZodType<string, string>, V extends z.ZodType>(key: K, value: V, words: string) {
  return z.record(key, value).register(allowed, { text: `a table of ${words}` });
}

/** The type within optional, default and the like. */
export function unwrap(type: z.core.$ZodType): z.core.$ZodType {
  return wrappers(type).at(-1)!;
}

/** The documentation of a type, given to it or to what it wraps. */
export function documentation(type: z.core.$ZodType): Partial<Documentation> {
  return Object.assign({}, ...wrappers(type).reverse().map((each) => z.globalRegistry.get(each)));
}

/** The value of a type where nothing is said: `undefined` for none. */
export function defaultValue(type: z.core.$ZodType): unknown {
  return wrappers(type).flatMap((each) => each instanceof z.ZodDefault ? [each.def.defaultValue] : [])[0];
}

function wrappers(type: z.core.$ZodType): z.core.$ZodType[] {
  const wraps = type instanceof z.ZodOptional || type instanceof z.ZodDefault || type instanceof z.ZodPrefault;
  return wraps ? [type, ...wrappers(type.def.innerType)] : [type];
}
