import { stripVTControlCharacters } from 'node:util';
import type { LogEvent } from './log-event';

/** Levels, from the least to the most severe. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type Level = typeof LEVELS[number];

/** A parsed log line. */
export interface LogEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: Level;
  readonly message: string;

  /** All other fields of the line. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The JSON object in a line, if the line is one. */
export function jsonOf(text: string): Json | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Parse a line of the server or of the gateway. */
export function parseEntry(event: LogEvent, json: Json | undefined = jsonOf(event.message)): LogEntry {
  if (!json) return parseText(event);
  return event.group.source === 'access' ? parseAccess(event, json) : parseJson(event, json);
}

function parseJson({ timestamp }: LogEvent, json: Json): LogEntry {
  const { _aws: metrics, timestamp: _, time: _time, level, severity, message, msg, fields: nested, span, spans, requestId, ...rest } = json;
  // tracing-subscriber nests the fields of an event under "fields", unless flatten_event is set.
  const { message: nestedMessage, ...nestedRest } = isObject(nested) ? nested : {};
  const text = message ?? msg ?? nestedMessage;
  return {
    time: timestamp,
    level: levelOf(level ?? severity) ?? 'INFO',
    message: text === undefined ? (metrics ? 'metrics' : '') : textOf(text),
    fields: { ...rest, ...(isObject(nested) || nested === undefined ? nestedRest : { fields: nested }) },
    requestId: textOf(requestId ?? json.AWSRequestId ?? json.request_id ?? requestIdOfSpans(span, spans)) || undefined,
  };
}

/** The Lambda runtime for Rust writes the request id to the span of the invocation. */
function requestIdOfSpans(span: unknown, spans: unknown): unknown {
  const all = [span, ...(Array.isArray(spans) ? spans : [])].filter(isObject);
  return all.map((each) => each.requestId).find((id) => id !== undefined);
}

function parseAccess({ timestamp }: LogEvent, json: Json): LogEntry {
  const { time: _, requestId, integrationRequestId, method, path, status, routeKey, ...rest } = json;
  // The gateway writes "-" for a missing value.
  const isPresent = (value: unknown) => value !== '-' && value !== '';
  const fields = Object.fromEntries(Object.entries(rest).filter(([, value]) => isPresent(value)));
  // The function's request id connects the line with those of the function. Without an invocation there is only the gateway's own id.
  const isInvoked = isPresent(integrationRequestId) && textOf(integrationRequestId) !== '';
  if (isInvoked) fields.gatewayRequestId = requestId;
  const code = Number(status);
  return {
    time: timestamp,
    level: code >= 500 ? 'ERROR' : code >= 400 ? 'WARN' : 'INFO',
    message: [method, path, status].map(textOf).join(' '),
    fields: routeKey === `${textOf(method)} ${textOf(path)}` ? fields : { routeKey, ...fields },
    requestId: textOf(isInvoked ? integrationRequestId : requestId) || undefined,
  };
}

/** The ids of the request: the one of the entry, and the gateway's. */
export function idsOf({ requestId, fields }: LogEntry): string[] {
  return [requestId, fields.gatewayRequestId].filter((id) => typeof id === 'string');
}

/** The format of tracing-subscriber and most other loggers: a time, a level, a text. */
const PLAIN = /^(?:\d{4}-\d\d-\d\d[T ]\S+\s+)?(?:\[(\w+)\]|(TRACE|DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL):?)\s+([^]*)$/;

function parseText({ timestamp, message }: LogEvent): LogEntry {
  const text = stripVTControlCharacters(message).trimEnd();
  const [, bracketed, bare, rest] = PLAIN.exec(text) ?? [];
  const level = levelOf(bracketed ?? bare);
  const isError = /panicked at|Task timed out after|^RequestId: \S+ Error/.test(text);
  return { time: timestamp, level: level ?? (isError ? 'ERROR' : 'INFO'), message: level ? rest : text, fields: {} };
}

export function levelOf(value: unknown): Level | undefined {
  const name = textOf(value).toUpperCase();
  if (name === 'WARNING') return 'WARN';
  if (name === 'FATAL' || name === 'CRITICAL') return 'ERROR';
  return LEVELS.find((level) => level === name);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
