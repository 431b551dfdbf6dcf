/*
 * What IAM's patterns cover. In IAM, `*` stands for any characters, `:` and `/` included, and `?` for any one character. What is asked of a
 * pattern is what it can match, never how it looks. No regular expression is used: one with many wildcards can take for ever.
 */

/** A kind of resource: how its ARNs begin, up to the name, and what may follow the name. */
export interface ResourceKind {
  /** The service, and the beginning of the resource part; `{}` stands for one word. For example `lambda` and `function:`. */
  readonly service: string;
  readonly type: string;

  /** The form of what may follow the name, beginning with the character that ends it: `:{}` in `function:NAME:ALIAS`. @default - nothing */
  readonly behind?: string;
}

/** How much of a resource's name a statement must give. */
export type Naming =
  /** All of it. */
  | 'exact'
  /** How it begins. */
  | 'prefix';

/** A name of which so many characters are given is no longer any name. */
export const SHORTEST_PREFIX = 3;

/** Whether an action of a statement, perhaps with wildcards, covers an action. */
export function coversAction(pattern: string, action: string): boolean {
  return matches(simplified(pattern.toLowerCase()), action.toLowerCase());
}

function matches(glob: string, text: string): boolean {
  // Most do not match at the first look. A pattern that is longer than the text cannot either, which also bounds the work.
  const wildcard = glob.search(/[*?]/);
  if (wildcard < 0) return glob === text;
  if (!text.startsWith(glob.slice(0, wildcard)) || glob.replaceAll('*', '').length > text.length) return false;
  let reached = closed(glob, [0]);
  for (const char of text) reached = after(glob, reached, char);
  return reached.includes(glob.length);
}

/**
 * Whether a resource of a statement covers resources of a kind that it does not name.
 *
 * @param pattern an ARN with or without wildcards, or `*`
 */
export function coversUnnamed(pattern: string, { service, type, behind }: ResourceKind, naming: Naming): boolean {
  const glob = variablesAsWildcards(pattern);
  const starts = reach(glob, partsOf(`arn:{}:${service}:{}:{}:${type}`));
  if (starts.length === 0) return false;
  // A wildcard that has swallowed the separators of the ARN must leave something that can be a name.
  const named = startsOfNames(glob, behind);
  return starts.some((start) => {
    const ending = behind === undefined ? -1 : glob.indexOf(behind[0], start);
    const name = glob.slice(start, ending < 0 ? undefined : ending);
    const wildcard = name.search(/[*?]/);
    return wildcard >= 0 && (naming === 'exact' || wildcard < SHORTEST_PREFIX) && named.has(start);
  });
}

/** The positions from which the rest of a pattern can be a name, and what may follow it. */
function startsOfNames(glob: string, behind?: string): ReadonlySet<number> {
  // From the end to the beginning, so that one pass finds all of them.
  const backwards = [...glob].reverse().join('');
  const forms = behind === undefined ? [['{+}']] : [['{+}'], ['{+}', ...partsOf(behind)]];
  return new Set(forms.flatMap((parts) => reach(backwards, [...parts].reverse()).map((at) => glob.length - at)));
}

/**
 * Whether a resource of a statement covers any ARN of a form.
 *
 * @param form with `{}` for anything without `:` and `/`, `{/}` for anything without `:`, and `{*}` for anything
 */
export function coversAny(pattern: string, form: string): boolean {
  const glob = variablesAsWildcards(pattern);
  return reach(glob, partsOf(form)).includes(glob.length);
}

/** Services whose resources begin with their names, without a type before them. */
const WITHOUT_TYPES = new Set(['s3', 'sqs', 'sns', 'execute-api', 'codecommit', 'codepipeline']);

/** Whether a resource of a statement covers every resource of a service, or all of one type. */
export function coversWholeService(pattern: string, service: string): boolean {
  const glob = variablesAsWildcards(pattern);
  if (/^\*+$/.test(glob)) return true;
  const [, , ofService, , , ...rest] = glob.split(':');
  const name = rest.join(':');
  const wildcard = name.search(/[*?]/);
  if (wildcard < 0 || !matches(ofService, service)) return false;
  return wildcard === 0 || (!WITHOUT_TYPES.has(service) && /^[A-Za-z-]+[:/]+$/.test(name.slice(0, wildcard)));
}

/** Policy variables, such as `${aws:PrincipalTag/team}`, get their values at each request; the stack's own placeholders are fixed. */
function variablesAsWildcards(pattern: string): string {
  return simplified(pattern
    .replaceAll('${AWS::Partition}', 'aws').replaceAll('${AWS::Region}', 'us-east-1').replaceAll('${AWS::AccountId}', '123456789012')
    .replace(/\$\{[^}]*\}/g, '*'));
}

/** One `*` in each run of wildcards is enough; this bounds the work. */
function simplified(glob: string): string {
  return glob.replace(/[*?]*\*[*?]*/g, (run) => `${run.replaceAll('*', '')}*`);
}

/** The positions in a pattern behind what can match the parts of a form. */
function reach(glob: string, parts: readonly string[]): number[] {
  let reached = closed(glob, [0]);
  for (const part of parts) {
    if (reached.length === 0) break;
    reached = part.startsWith('{') ? afterMany(glob, reached, CLASSES[part]) : after(glob, reached, part);
  }
  return reached;
}

function partsOf(form: string): string[] {
  return form.match(/\{[^}]*\}|[^{]/g) ?? [];
}

interface CharacterClass {
  readonly without: string;
  readonly atLeastOne?: boolean;
}

const CLASSES: Readonly<Record<string, CharacterClass>> = {
  '{}': { without: ':/' },
  '{+}': { without: ':', atLeastOne: true },
  '{/}': { without: ':' },
  '{*}': { without: '' },
};

/** The positions that a pattern can be at behind one character. */
function after(glob: string, reached: readonly number[], char: string): number[] {
  return closed(glob, reached.flatMap((at) => {
    if (glob[at] === '*') return [at];
    return at < glob.length && (glob[at] === '?' || glob[at] === char) ? [at + 1] : [];
  }));
}

/** The positions that a pattern can be at behind any number of characters of a class. */
function afterMany(glob: string, reached: readonly number[], { without, atLeastOne }: CharacterClass): number[] {
  const inClass = (at: number) => at < glob.length && !without.includes(glob[at]);
  const once = closed(glob, reached.flatMap((at) => glob[at] === '*' ? [at] : inClass(at) ? [at + 1] : []));
  const found = new Set(atLeastOne ? once : [...reached, ...once]);
  // Positions only grow, so that one pass finds all.
  for (let at = Math.min(...found); at < glob.length; at++) {
    if (found.has(at) && (glob[at] === '*' || inClass(at))) found.add(at + 1);
  }
  return [...found].sort((a, b) => a - b);
}

/** With the positions behind a `*` that stands for nothing. */
function closed(glob: string, reached: readonly number[]): number[] {
  const found = new Set(reached);
  for (const at of found) if (glob[at] === '*') found.add(at + 1);
  return [...found];
}
