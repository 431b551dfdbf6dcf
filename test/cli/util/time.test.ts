import { formatSpan, parseDuration, parseTime } from '../../../src/cli/util/time';

test.each([
  ['90s', 90_000], ['10m', 600_000], ['1h30m', 5_400_000], ['7d', 604_800_000], ['1.5h', 5_400_000], ['1w', 604_800_000],
])('%s is a time span', (text, span) => {
  expect(parseDuration(text, '--period')).toBe(span);
});

test.each(['', '10', 'm', '0m', '-5m', '5 m', '5x', '1h2'])('%j is none', (text) => {
  expect(() => parseDuration(text, '--period')).toThrow(`--period is ${JSON.stringify(text)}, which is not a time span`);
});

test('a time is a span before now, or a date', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect(parseTime('30m', '--since', now)).toBe(now - 1_800_000);
  expect(parseTime('2026-11-22T11:00Z', '--since', now)).toBe(Date.UTC(2026, 10, 22, 11));
  expect(parseTime('2026-11-22T11:00:30.5+02:00', '--since', now)).toBe(Date.UTC(2026, 10, 22, 9, 0, 30, 500));
  expect(parseTime('2026-11-22T11:00', '--since', now)).toBe(new Date(2026, 10, 22, 11).getTime());
  for (const wrong of ['yesterday', '2026-13-01T00:00Z', '22.11.2026', '']) expect(() => parseTime(wrong, '--since', now)).toThrow('which is not a time');
});

test('a span is written as it is read', () => {
  expect([1000, 90_000, 5_400_000, 86_400_000, 0].map(formatSpan)).toEqual(['1s', '1m30s', '1h30m', '1d', '0s']);
});
