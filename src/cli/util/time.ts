import { CliError } from './errors';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * The milliseconds of a time span such as `90s`, `10m`, `2h`, `3d`, `1w` or `1h30m`.
 *
 * @param option the option that it was given to, for the message
 * @throws CliError when it is none
 */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  const span = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
  if (parts.map(([part]) => part).join('') !== text || span <= 0) {
    throw new CliError(`${option} is ${JSON.stringify(text)}, which is no time span`, { hint: 'give a number with s, m, h, d or w, such as 30m, 2h or 7d' });
  }
  return span;
}

/**
 * A point in time, in milliseconds: a time span before now, or a date.
 *
 * @throws CliError when it is neither
 */
export function parseTime(text: string, option: string, now: number): number {
  if (/^[\d.smhdw]+$/.test(text) && /[smhdw]$/.test(text)) return now - parseDuration(text, option);
  const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new CliError(`${option} is ${JSON.stringify(text)}, which is no time`, {
      hint: 'give a time span before now, such as 30m, 2h or 7d, or a date such as 2026-11-22T18:30 (local time) or 2026-11-22T18:30Z',
    });
  }
  return time;
}

/** A time span in words as short as `parseDuration` reads them: 5400000 is `1h30m`. */
export function formatSpan(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000);
  const parts: string[] = [];
  for (const [unit, length] of [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    if (rest >= length) parts.push(`${Math.floor(rest / length)}${unit}`);
    rest %= length;
  }
  return parts.join('') || '0s';
}
