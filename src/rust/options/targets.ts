/** Beginnings of the target triples that run on each architecture of Lambda. A C library follows, such as `-gnu`. */
export const TARGET_PREFIXES = {
  arm64: 'aarch64-unknown-linux',
  x86_64: 'x86_64-unknown-linux',
} as const;

/** Target triples with the GNU C library, which Amazon Linux has. */
export const GNU_TARGETS = {
  arm64: `${TARGET_PREFIXES.arm64}-gnu`,
  x86_64: `${TARGET_PREFIXES.x86_64}-gnu`,
} as const;

/** An architecture of Lambda. */
export type LambdaArchitecture = keyof typeof TARGET_PREFIXES;

/** Return true for the name of an architecture of Lambda. */
export function isLambdaArchitecture(name: string): name is LambdaArchitecture {
  return Object.hasOwn(TARGET_PREFIXES, name);
}
