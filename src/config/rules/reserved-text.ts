import { dotted, type Finding } from '../diagnostics/issues';
import { isTable, MAX_DEPTH, type Path } from '../diagnostics/source';

/** The CDK's markers in strings for values that are known later. */
const TOKEN = /[$#]\{Token\[/;

const HAS_TOKEN = 'must not have "${Token[", which the CDK uses as a marker';

/** Text that a file must not have: markers of the CDK, and the key `__proto__` of JavaScript. */
export function reservedTextErrors(value: unknown, path: Path = []): Finding[] {
  if (typeof value === 'string') {
    return TOKEN.test(value) ? [{ path, text: `${dotted(path)} ${HAS_TOKEN}` }] : [];
  }
  if (path.length > MAX_DEPTH) return [{ path, text: `${dotted(path)} is nested too deeply` }];
  if (Array.isArray(value)) return value.flatMap((element, index) => reservedTextErrors(element, [...path, index]));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key];
    if (key === '__proto__') return [{ path: here, text: `${dotted(here)} cannot be used as a name`, aboutKey: true }];
    if (TOKEN.test(key)) return [{ path: here, text: `${dotted(here)} ${HAS_TOKEN}`, aboutKey: true }];
    return reservedTextErrors(member, here);
  });
}
