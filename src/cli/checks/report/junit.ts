import { count, type Result } from './results';

/** The results as JUnit XML. */
export function junit(results: readonly Result[], url: string): string {
  const { failed, skipped } = count(results);
  const groups = [...new Set(results.map(({ group }) => group))];
  const suites = groups.map((group) => suite(group, results.filter((result) => result.group === group)));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escape(url)}" tests="${results.length}" failures="${failed}" skipped="${skipped}" time="${time(results)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(group: string, results: readonly Result[]): string {
  const { failed, skipped } = count(results);
  return [
    `  <testsuite name="${escape(group)}" tests="${results.length}" failures="${failed}" skipped="${skipped}" time="${time(results)}">`,
    ...results.map(testCase),
    '  </testsuite>',
  ].join('\n');
}

function testCase({ group, name, status, detail = '', ms }: Result): string {
  const open = `    <testcase classname="${escape(group)}" name="${escape(name)}" time="${(ms / 1000).toFixed(3)}"`;
  switch (status) {
    case 'failed':
      return `${open}><failure message="${escape(detail)}"/></testcase>`;
    case 'skipped':
      return `${open}><skipped message="${escape(detail)}"/></testcase>`;
    default:
      if (!detail) return `${open}/>`;
      return `${open}><system-out>${escape(status === 'warning' ? `warning: ${detail}` : detail)}</system-out></testcase>`;
  }
}

function time(results: readonly Result[]): string {
  return (results.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(3);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&apos;' };

function escape(text: string): string {
  // XML does not allow control characters, not even escaped ones.
  // eslint-disable-next-line no-control-regex
  const allowed = text.replace(/[^\x09\x0a\x0d\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
