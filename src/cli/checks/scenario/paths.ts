/** The value at a path such as `result.items[0].name`, or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  const keys = path.replace(/^\$\.?/, '').split(/[.[\]]/).filter((key) => key !== '');
  return keys.reduce<unknown>((current, key) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    return (current as Record<string, unknown>)[key];
  }, value);
}

/**
 * Replace `${name}` and `${name.path[0]}` with the values of variables, at any depth. A text that consists of one variable becomes its
 * value, of any type.
 *
 * @throws Error for an undefined variable
 */
export function substitute(value: unknown, variables: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]+)\}$/.exec(value);
    if (whole) return variable(whole[1], variables);
    return value.replace(/\$\{([^}]+)\}/g, (_, path: string) => textOf(variable(path, variables)));
  }
  if (Array.isArray(value)) return value.map((each) => substitute(each, variables));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, substitute(each, variables)]));
  }
  return value;
}

function variable(path: string, variables: Readonly<Record<string, unknown>>): unknown {
  const value = valueAt(variables, path.trim());
  if (value === undefined) throw new Error(`there is no variable \${${path}}`);
  return value;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
