import * as z from 'zod';
import { allowed, defaultValue, documentation, unwrap } from './types';

/** A key of deploy.toml, for the scaffolded file and the documentation. */
export interface Outline {
  /** Its path. */
  readonly path: readonly string[];

  /** `map` is a table whose keys the user chooses, `tables` an array of tables. */
  readonly kind: 'value' | 'table' | 'map' | 'tables';

  readonly description: string;

  /** Description of the allowed values. */
  readonly allowed: string;

  readonly required: boolean;
  readonly default?: unknown;
  readonly example?: unknown;

  /** The keys of the table, or of each of the tables. */
  readonly keys: readonly Outline[];
}

/** The keys of a table, in the order of the schema. */
export function outline(type: z.ZodObject, path: readonly string[] = []): Outline[] {
  return Object.entries(type.shape).map(([key, member]) => describe(member, [...path, key]));
}

function describe(type: z.core.$ZodType, path: readonly string[]): Outline {
  const inner = unwrap(type);
  const { description = '', examples } = documentation(type);
  const fallback = defaultValue(type);
  return {
    path,
    description,
    allowed: allowed.get(inner)?.text ?? '',
    required: type === inner,
    default: fallback,
    example: examples?.[0] ?? fallback,
    ...structure(inner, path),
  };
}

function structure(type: z.core.$ZodType, path: readonly string[]): Pick<Outline, 'kind' | 'keys'> {
  if (type instanceof z.ZodObject) return { kind: 'table', keys: outline(type, path) };
  if (type instanceof z.ZodRecord) return { kind: 'map', keys: type.valueType instanceof z.ZodObject ? outline(type.valueType, path) : [] };
  if (type instanceof z.ZodArray && type.element instanceof z.ZodObject) return { kind: 'tables', keys: outline(type.element, path) };
  return { kind: 'value', keys: [] };
}
