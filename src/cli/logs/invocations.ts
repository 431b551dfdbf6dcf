import { isObject, jsonOf, parseEntry, textOf, type LogEntry } from './log-entry';
import type { LogEvent } from './log-event';

/** Lambda's events about the steps of an instance, whose facts the report repeats. */
const STEPS = new Set([
  'platform.initStart', 'platform.initRuntimeDone', 'platform.initReport', 'platform.start', 'platform.runtimeDone', 'platform.extension',
  'platform.telemetrySubscription', 'platform.logsSubscription',
]);

const FAILURES: readonly string[] = ['error', 'failure', 'timeout'];

/** The current invocation of an instance. */
interface RunningInvocation {
  readonly requestId: string;
  readonly version: string;
}

/** Lambda's report about a finished invocation. */
interface Report {
  readonly requestId: string;
  readonly status: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * Combines Lambda's lines about an invocation, in plain text or JSON, into one entry, and adds the request id to other lines: an instance
 * has its own log stream, and serves one request at a time.
 */
export class Invocations {
  private readonly running = new Map<string, RunningInvocation>();

  /** The entry of a line. Undefined for a line that the report repeats. */
  public entryOf(event: LogEvent): LogEntry | undefined {
    const json = jsonOf(event.message);
    if (event.group.source === 'access') return parseEntry(event, json);
    const stream = `${event.group.name}\0${event.stream}`;
    const start = json ? startOfJson(json) : startOfText(event.message);
    if (start) {
      this.running.set(stream, start);
      return undefined;
    }
    const report = json ? reportOfJson(json) : reportOfText(event.message);
    if (report) {
      const running = this.running.get(stream);
      this.running.delete(stream);
      return entryOfReport(event, report, running?.requestId === report.requestId ? running.version : undefined);
    }
    if (json ? isQuietStep(json) : /^(END RequestId: \S+|INIT_START\b.*)\s*$/.test(event.message)) return undefined;
    const step = json && entryOfStep(event, json);
    if (step) return step;
    const entry = parseEntry(event, json);
    return entry.requestId === undefined ? { ...entry, requestId: this.running.get(stream)?.requestId } : entry;
  }
}

function startOfText(message: string): RunningInvocation | undefined {
  const [, requestId, version] = /^START RequestId: (\S+) Version: (\S+)/.exec(message) ?? [];
  return requestId === undefined ? undefined : { requestId, version };
}

function startOfJson({ type, record }: Readonly<Record<string, unknown>>): RunningInvocation | undefined {
  if (type !== 'platform.start' || !isObject(record)) return undefined;
  return { requestId: textOf(record.requestId), version: textOf(record.version) };
}

function isQuietStep({ type, record }: Readonly<Record<string, unknown>>): boolean {
  return typeof type === 'string' && STEPS.has(type) && !(isObject(record) && FAILURES.includes(textOf(record.status)));
}

/** Any other event of Lambda, for example a failed start, or dropped lines. */
function entryOfStep({ timestamp }: LogEvent, { type, record }: Readonly<Record<string, unknown>>): LogEntry | undefined {
  if (typeof type !== 'string' || !type.startsWith('platform.')) return undefined;
  const { status, requestId, ...fields } = isObject(record) ? record : {};
  const failed = FAILURES.includes(textOf(status));
  return {
    time: timestamp,
    level: failed ? 'ERROR' : 'INFO',
    message: status === undefined ? type : `${type}: ${textOf(status)}`,
    fields,
    requestId: textOf(requestId) || undefined,
  };
}

function reportOfText(message: string): Report | undefined {
  const [, requestId, rest] = /^REPORT RequestId: (\S+)\s+([^]*)$/.exec(message) ?? [];
  if (requestId === undefined) return undefined;
  const number = (name: string) => {
    const found = new RegExp(`(?:^|\\t)${name}: ([\\d.]+) (?:ms|MB)`).exec(rest);
    return found ? Number(found[1]) : undefined;
  };
  const word = (name: string) => new RegExp(`(?:^|[\\t\\n])${name}: ([^\\t\\n]+)`).exec(rest)?.[1].trim();
  return {
    requestId,
    status: word('Status') ?? 'success',
    fields: {
      durationMs: number('Duration'),
      billedDurationMs: number('Billed Duration'),
      memorySizeMB: number('Memory Size'),
      maxMemoryUsedMB: number('Max Memory Used'),
      initDurationMs: number('Init Duration'),
      errorType: word('Error Type'),
      traceId: word('XRAY TraceId'),
    },
  };
}

function reportOfJson({ type, record }: Readonly<Record<string, unknown>>): Report | undefined {
  if (type !== 'platform.report' || !isObject(record)) return undefined;
  const metrics = isObject(record.metrics) ? record.metrics : {};
  const tracing = isObject(record.tracing) ? record.tracing : {};
  return {
    requestId: textOf(record.requestId),
    status: textOf(record.status) || 'success',
    fields: { ...metrics, errorType: record.errorType, traceId: tracing.value },
  };
}

function entryOfReport({ timestamp }: LogEvent, { requestId, status, fields }: Report, version?: string): LogEntry {
  const { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB, initDurationMs, errorType } = fields;
  const facts = [
    durationMs === undefined ? '' : `took ${milliseconds(durationMs)}`,
    billedDurationMs === undefined ? '' : `billed ${milliseconds(billedDurationMs)}`,
    maxMemoryUsedMB === undefined ? '' : `memory ${textOf(maxMemoryUsedMB)} of ${textOf(memorySizeMB)} MB`,
    initDurationMs === undefined ? '' : `cold start ${milliseconds(initDurationMs)}`,
  ].filter((fact) => fact !== '');
  const reasons = [status, textOf(errorType)].filter((word) => word !== '').join(', ');
  const outcome = status === 'success' ? 'request' : `request failed (${reasons})`;
  return {
    time: timestamp,
    level: status === 'success' ? 'INFO' : 'ERROR',
    message: [outcome, facts.join(', ')].join(' ').trim(),
    fields: { type: 'report', status, version, ...fields },
    requestId,
  };
}

function milliseconds(value: unknown): string {
  return `${Number(Number(value).toFixed(1))} ms`;
}
