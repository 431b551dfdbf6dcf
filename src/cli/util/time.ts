import { CliError } from './errors';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Parse a time span such as `90s`, `10m`, `2h`, `3d`, `1w` or `1h30m`.
 *
 * @param option the option that has it, for the message
 * @returns milliseconds
 * @throws CliError if it is invalid
 */
export function parseDuration(text: string, option: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhdw])/g)];
  const span = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit], 0);
  if (parts.map(([part]) => part).join('') !== text || span <= 0) {
    throw new CliError(`${option} is ${JSON.stringify(text)}, which is not a time span`, {
      hint: 'use a number with s, m, h, d or w, such as 30m, 2h or 7d',
    });
  }
  return span;
}

/**
 * Parse a point in time: a time span before now, or a date.
 *
 * @returns milliseconds since the epoch
 * @throws CliError if it is invalid
 */
export function parseTime(text: string, option: string, now: number): number {
  if (/^[\d.smhdw]+$/.test(text) && /[smhdw]$/.test(text)) return now - parseDuration(text, option);
  const time = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) {
    throw new CliError(`${option} is ${JSON.stringify(text)}, which is not a time`, {
      hint: 'use a time span before now, such as 30m, 2h or 7d, or a date such as 2026-11-22T18:30 (local time) or 2026-11-22T18:30Z',
    });
  }
  return time;
}

/** Format a time span as `parseDuration` reads it: 5400000 is `1h30m`. */
export function formatSpan(milliseconds: number): string {
  let rest = Math.round(milliseconds / 1000);
  const parts: string[] = [];
  for (const [unit, length] of [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]] as const) {
    if (rest >= length) parts.push(`${Math.floor(rest / length)}${unit}`);
    rest %= length;
  }
  return parts.join('') || '0s';
}
