import { estimateCost } from './cost';
import type { MetricData, Series } from './metric-data';
import { measuresOf, queryId, type MeasureName, type ToolMeasure, type TimeWindow } from './queries';
import type { DeployedServer } from '../stack/deployed-servers';

const MONTH_SECONDS = 30 * 86_400;

/** Cold starts that a search of the logs found. */
export interface ColdStarts {
  readonly count: number;
  readonly averageMs?: number;
  readonly longestMs?: number;
}

/** Settings of the function that determine its cost. */
export interface Settings {
  readonly memoryMb: number;
  readonly architecture: string;
}

/** The values of a measure for the window, and for each period of it. `null` without data. */
export interface MeasureSummary {
  readonly total: number | null;
  readonly series: ReadonlyArray<number | null>;
}

export interface ToolSummary {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly p95Ms: number | null;
}

/** The metrics of a server, as `metrics --json` prints them. */
export interface ServerSummary {
  readonly server: string;
  readonly measures: Partial<Record<MeasureName, MeasureSummary>>;
  readonly tools: readonly ToolSummary[];
  readonly cost: { readonly usd: number; readonly usdPerMonth: number };
}

const COUNTS: ReadonlySet<MeasureName> = new Set<MeasureName>([
  'invocations', 'errors', 'throttles', 'durationSum', 'coldStarts', 'requests', 'clientErrors', 'serverErrors', 'logBytes',
  'accessLogBytes',
]);

/** The data of a summary. */
export interface SummaryInput {
  readonly data: MetricData;
  readonly window: TimeWindow;
  readonly settings: Settings;

  /** Cold starts from the logs, for stacks without a metric for them. */
  readonly coldStarts?: ColdStarts;
}

/** Summarize the metrics of a server. */
export function summarize(server: DeployedServer, index: number, { data, window, settings, coldStarts }: SummaryInput): ServerSummary {
  const known = (Object.entries(measuresOf(server)) as Array<[MeasureName, unknown]>).filter(([, measure]) => measure !== undefined);
  const names = known.map(([name]) => name);
  const summaries = names.map((name) => [name, summaryOf(name, index, data, window)]);
  const measures: Partial<Record<MeasureName, MeasureSummary>> = Object.fromEntries(summaries);
  if (measures.initAverage && measures.coldStarts) {
    measures.initAverage = { ...measures.initAverage, total: weightedAverage(measures.initAverage.series, measures.coldStarts.series) };
  }
  if (coldStarts) {
    measures.coldStarts = { total: coldStarts.count, series: [] };
    measures.initAverage = { total: coldStarts.averageMs ?? null, series: [] };
    measures.initMaximum = { total: coldStarts.longestMs ?? null, series: [] };
  }
  const total = (name: MeasureName) => measures[name]?.total ?? 0;
  const usd = estimateCost({
    invocations: total('invocations'),
    durationMs: total('durationSum') + total('coldStarts') * total('initAverage'),
    requests: total('requests'),
    logBytes: total('logBytes') + total('accessLogBytes'),
    ...settings,
  });
  return {
    server: server.prefix,
    measures,
    tools: toolsOf(index, data),
    cost: { usd, usdPerMonth: usd * MONTH_SECONDS / (window.end - window.start) },
  };
}

function weightedAverage(averages: MeasureSummary['series'], counts: MeasureSummary['series']): number | null {
  const all = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (all === 0) return null;
  return averages.reduce<number>((sum, average, period) => sum + (average ?? 0) * (counts[period] ?? 0), 0) / all;
}

function summaryOf(name: MeasureName, index: number, data: MetricData, { start, end, period }: TimeWindow): MeasureSummary {
  const values = data.get(queryId(index, name))?.[0]?.values ?? new Map<number, number>();
  const series = Array.from({ length: (end - start) / period }, (_, part) => values.get(start + part * period) ?? null);
  const known = series.filter((value) => value !== null);
  if (COUNTS.has(name)) return { total: known.reduce((sum, value) => sum + value, 0), series };
  const whole = data.get(queryId(index, name, true))?.[0]?.values;
  // CloudWatch may split the window at its own period boundary. Take the worse part then.
  const all = whole ? [...whole.values()] : known;
  return { total: all.length === 0 ? null : Math.max(...all), series };
}

function toolsOf(index: number, data: MetricData): ToolSummary[] {
  const of = (name: ToolMeasure) => data.get(queryId(index, `tool_${name}`)) ?? [];
  const sum = (series?: Series) => [...series?.values.values() ?? []].reduce((all, value) => all + value, 0);
  const named = (all: readonly Series[], name: string) => all.find(({ label }) => label === name);
  return of('calls').filter((series) => sum(series) > 0).map((series) => ({
    name: series.label,
    calls: sum(series),
    errors: sum(named(of('errors'), series.label)),
    p95Ms: Math.max(...named(of('p95'), series.label)?.values.values() ?? [NaN]) || null,
  })).sort((a, b) => b.calls - a.calls || a.name.localeCompare(b.name));
}
