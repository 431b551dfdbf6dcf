import { estimateCost } from './cost';
import type { MetricData, Series } from './metric-data';
import { measuresOf, queryId, type MeasureName, type ToolMeasure, type TimeWindow } from './queries';
import type { DeployedServer } from '../stack/deployed-servers';

const MONTH_SECONDS = 30 * 86_400;

/** Cold starts, as a search of the logs found them. */
export interface ColdStarts {
  readonly count: number;
  readonly averageMs?: number;
  readonly longestMs?: number;
}

/** What the function is set to. */
export interface Settings {
  readonly memoryMb: number;
  readonly architecture: string;
}

/** A measure: its value for the window, and for each part of it. `null` where nothing was measured. */
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

/** What `metrics --json` prints of a server. */
export interface ServerSummary {
  readonly server: string;
  readonly measures: Partial<Record<MeasureName, MeasureSummary>>;
  readonly tools: readonly ToolSummary[];
  readonly cost: { readonly usd: number; readonly usdPerMonth: number };
}

const COUNTS: ReadonlySet<MeasureName> = new Set<MeasureName>([
  'invocations', 'errors', 'throttles', 'durationSum', 'coldStarts', 'requests', 'clientErrors', 'serverErrors', 'logBytes', 'accessLogBytes',
]);

/** What there is to make a summary of. */
export interface SummaryInput {
  readonly answers: MetricData;
  readonly window: TimeWindow;
  readonly settings: Settings;

  /** Cold starts from the logs, where there is no metric of them. */
  readonly found?: ColdStarts;
}

/** Makes of CloudWatch's answers what is shown of a server. */
export function summarize(server: DeployedServer, index: number, { answers, window, settings, found }: SummaryInput): ServerSummary {
  const known = (Object.entries(measuresOf(server)) as Array<[MeasureName, unknown]>).filter(([, measure]) => measure !== undefined);
  const names = known.map(([name]) => name);
  const measures: Partial<Record<MeasureName, MeasureSummary>> = Object.fromEntries(
    names.map((name) => [name, summaryOf(name, index, answers, window)]),
  );
  if (measures.initAverage && measures.coldStarts) {
    measures.initAverage = { ...measures.initAverage, total: weightedAverage(measures.initAverage.series, measures.coldStarts.series) };
  }
  if (found) {
    measures.coldStarts = { total: found.count, series: [] };
    measures.initAverage = { total: found.averageMs ?? null, series: [] };
    measures.initMaximum = { total: found.longestMs ?? null, series: [] };
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
    tools: toolsOf(index, answers),
    cost: { usd, usdPerMonth: usd * MONTH_SECONDS / (window.end - window.start) },
  };
}

function weightedAverage(averages: MeasureSummary['series'], counts: MeasureSummary['series']): number | null {
  const all = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  return all === 0 ? null : averages.reduce<number>((sum, average, part) => sum + (average ?? 0) * (counts[part] ?? 0), 0) / all;
}

function summaryOf(name: MeasureName, index: number, answers: MetricData, { start, end, period }: TimeWindow): MeasureSummary {
  const values = answers.get(queryId(index, name))?.[0]?.values ?? new Map<number, number>();
  const series = Array.from({ length: (end - start) / period }, (_, part) => values.get(start + part * period) ?? null);
  const known = series.filter((value) => value !== null);
  if (COUNTS.has(name)) return { total: known.reduce((sum, value) => sum + value, 0), series };
  const whole = answers.get(queryId(index, name, true))?.[0]?.values;
  // CloudWatch may cut the window in two where its own clock does; the worse part is told then.
  const all = whole ? [...whole.values()] : known;
  return { total: all.length === 0 ? null : Math.max(...all), series };
}

function toolsOf(index: number, answers: MetricData): ToolSummary[] {
  const of = (name: ToolMeasure) => answers.get(queryId(index, `tool_${name}`)) ?? [];
  const sum = (series?: Series) => [...series?.values.values() ?? []].reduce((all, value) => all + value, 0);
  const named = (all: readonly Series[], name: string) => all.find(({ label }) => label === name);
  return of('calls').filter((series) => sum(series) > 0).map((series) => ({
    name: series.label,
    calls: sum(series),
    errors: sum(named(of('errors'), series.label)),
    p95Ms: Math.max(...named(of('p95'), series.label)?.values.values() ?? [NaN]) || null,
  })).sort((a, b) => b.calls - a.calls || a.name.localeCompare(b.name));
}
