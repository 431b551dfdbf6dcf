import * as z from 'zod';
import { allowed, documentation, table, unwrap } from './types';

const known = new Map<z.core.$ZodType, z.ZodType>();

/** The type of an override: nothing is required, and there are no defaults, at any depth. */
export function partial(type: z.core.$ZodType): z.ZodType {
  const made = known.get(type) ?? makePartial(type);
  known.set(type, made);
  return made;
}

function makePartial(type: z.core.$ZodType): z.ZodType {
  const inner = unwrap(type);
  const override = inner instanceof z.ZodObject
    ? table(partialShape(inner.shape)).register(allowed, allowed.get(inner)!)
    : inner as z.ZodType;
  return override.optional().meta({ ...documentation(type) });
}

/** `partial` of each member. */
export function partialShape(shape: z.core.$ZodShape): z.ZodRawShape {
  return Object.fromEntries(Object.entries(shape).map(([key, member]) => [key, partial(member)]));
}
