import { dotted, type Finding } from '../diagnostics/issues';
import { isTable, MAX_DEPTH, type Path } from '../diagnostics/source';

/** How the CDK marks, within strings, what it fills in later. */
const TOKEN = /[$#]\{Token\[/;

/** What may stand nowhere in a file: text that the CDK would take for its own, and the key that JavaScript gives a meaning. */
export function forbidden(value: unknown, path: Path = []): Finding[] {
  if (typeof value === 'string') {
    return TOKEN.test(value) ? [{ path, text: `${dotted(path)} must not have "\${Token[", by which the CDK marks values of its own` }] : [];
  }
  if (path.length > MAX_DEPTH) return [{ path, text: `${dotted(path)} is nested too deep` }];
  if (Array.isArray(value)) return value.flatMap((element, index) => forbidden(element, [...path, index]));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key];
    if (key === '__proto__') return [{ path: here, text: `${dotted(here)} is not a name that can be used`, aboutKey: true }];
    if (TOKEN.test(key)) return [{ path: here, text: `${dotted(here)} must not have "\${Token[", by which the CDK marks values of its own`, aboutKey: true }];
    return forbidden(member, here);
  });
}
