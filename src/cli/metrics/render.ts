import type { MeasureName } from './queries';
import type { ServerSummary, MeasureSummary } from './summary';
import { oneLine } from '../../util/text/visible';
import type { Colours } from '../util/terminal';

const BARS = '▁▂▃▄▅▆▇█';
const LABEL_WIDTH = 15;
const VALUE_WIDTH = 30;

/** A row of the table. */
interface Row {
  readonly label: string;
  readonly chart: MeasureName;
  readonly text: (value: (name: MeasureName) => number | null) => string;

  /** If true, a value above 0 is shown in red. */
  readonly isBad?: boolean;
}

/** The count of a measure, with its percentage of another one. */
function countAndShare(name: MeasureName, whole: MeasureName): Row['text'] {
  return (value) => `${count(value(name))}${share(value(name), value(whole))}`;
}

function coldStarts(value: (name: MeasureName) => number | null): string {
  const starts = value('coldStarts');
  return `${count(starts)}${starts ? ` (init ${time(value('initAverage'))}, max ${time(value('initMaximum'))})` : ''}`;
}

const ROWS: readonly Row[] = [
  { label: 'Invocations', chart: 'invocations', text: (value) => count(value('invocations')) },
  { label: 'Errors', chart: 'errors', isBad: true, text: countAndShare('errors', 'invocations') },
  { label: 'Throttles', chart: 'throttles', isBad: true, text: (value) => count(value('throttles')) },
  { label: 'Duration p50', chart: 'durationP50', text: (value) => time(value('durationP50')) },
  { label: 'Duration p95', chart: 'durationP95', text: (value) => time(value('durationP95')) },
  { label: 'Duration p99', chart: 'durationP99', text: (value) => time(value('durationP99')) },
  { label: 'Cold starts', chart: 'coldStarts', text: coldStarts },
  { label: 'Concurrency', chart: 'concurrency', text: (value) => `${count(value('concurrency'))} at most` },
  {
    label: 'Memory',
    chart: 'memoryMaximum',
    text: (value) => (value('memoryMaximum') === null ? '-' : `${count(value('memoryMaximum'))} MB at most`),
  },
  { label: 'API requests', chart: 'requests', text: (value) => count(value('requests')) },
  { label: 'API 4xx', chart: 'clientErrors', text: countAndShare('clientErrors', 'requests') },
  { label: 'API 5xx', chart: 'serverErrors', isBad: true, text: countAndShare('serverErrors', 'requests') },
  { label: 'API latency p50', chart: 'latencyP50', text: (value) => time(value('latencyP50')) },
  { label: 'API latency p95', chart: 'latencyP95', text: (value) => time(value('latencyP95')) },
  { label: 'API latency p99', chart: 'latencyP99', text: (value) => time(value('latencyP99')) },
];

/** Render the metrics of a server as lines for a terminal. */
export function renderSummary({ measures, tools, cost }: ServerSummary, colours: Colours): string[] {
  const value = (name: MeasureName) => measures[name]?.total ?? null;
  const lines = ROWS.filter(({ chart }) => measures[chart] !== undefined).map(({ label, chart, text, isBad }) => {
    const isAlarming = isBad && (value(chart) ?? 0) > 0;
    const shown = text(value).padEnd(VALUE_WIDTH);
    const bars = colours[isAlarming ? 'red' : 'cyan'](sparkline(measures[chart]!));
    return `  ${label.padEnd(LABEL_WIDTH)} ${isAlarming ? colours.red(shown) : shown} ${bars}`.trimEnd();
  });
  lines.push(`  ${'Cost, estimated'.padEnd(LABEL_WIDTH)} ${dollars(cost.usd)}, ${dollars(cost.usdPerMonth)} a month at this rate`);
  const names = tools.map(({ name }) => oneLine(name));
  const width = Math.max(0, ...names.map(({ length }) => length));
  if (tools.length > 0) lines.push('', `  ${colours.bold('Tools')}`);
  for (const [index, { calls, errors, p95Ms }] of tools.entries()) {
    const failed = `${count(errors)} failed`;
    const called = `${names[index].padEnd(width)}  ${count(calls).padStart(9)} calls`;
    lines.push(`  ${called}  ${errors > 0 ? colours.red(failed) : failed}  p95 ${time(p95Ms)}`);
  }
  return lines;
}

/** A chart in one line. A gap is a period without data. */
export function sparkline({ series }: MeasureSummary): string {
  const known = series.filter((value) => value !== null);
  if (known.length === 0) return '';
  const max = Math.max(...known);
  return series.map((value) => (value === null ? ' ' : BARS[max === 0 ? 0 : Math.round(value / max * (BARS.length - 1))])).join('');
}

function count(value: number | null): string {
  return value === null ? '-' : Math.round(value).toLocaleString('en-US');
}

function share(part: number | null, whole: number | null): string {
  return part && whole ? ` (${Number((100 * part / whole).toPrecision(2))} %)` : '';
}

function time(milliseconds: number | null): string {
  if (milliseconds === null) return '-';
  return milliseconds >= 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Number(milliseconds.toPrecision(3))} ms`;
}

function dollars(value: number): string {
  return value > 0 && value < 0.01 ? 'less than $0.01' : `$${value.toFixed(2)}`;
}
