import { textOf, type LogEntry, type Level } from './log-entry';
import type { LogEvent } from './log-event';
import { oneLine, visible, visibleJson } from '../../util/text/visible';
import type { Colours } from '../util/terminal';

/** How to render entries. */
export interface RenderOptions {
  readonly colours: Colours;

  /** If true, each line has its server and source. */
  readonly origin: boolean;

  /** The current time. Lines of another day have a date. */
  readonly now: Date;
}

/** Render an entry as a line of JSON. */
export function renderJson(event: LogEvent, { time, level, message, requestId, fields }: LogEntry): string {
  const { server, source } = event.group;
  return visibleJson({
    time: new Date(time).toISOString(), level, message, requestId, server, source, stream: event.stream, ...nonEmpty(fields),
  })!;
}

function nonEmpty(fields: LogEntry['fields']): { fields?: LogEntry['fields'] } {
  return Object.values(fields).every((value) => value === undefined) ? {} : { fields };
}

/** Render an entry as text: time, level, message, fields. */
export function renderText(event: LogEvent, entry: LogEntry, { colours, origin, now }: RenderOptions): string {
  const parts = [
    colours.dim(timeOf(entry.time, now)),
    levelColour(colours, entry.level)(entry.level.padEnd(5)),
    ...(origin ? [colours.cyan(`${event.group.server} ${event.group.source}`)] : []),
    visible(entry.message).replaceAll('\n', '\n  '),
    // The message of a report contains its fields.
    ...(entry.fields.type === 'report' ? [] : Object.entries(entry.fields).filter(([, value]) => value !== undefined)
      .map(([key, value]) => colours.dim(`${quote(key)}=${quote(textOf(value))}`))),
    ...(entry.requestId === undefined ? [] : [colours.dim(`[${oneLine(entry.requestId)}]`)]),
  ];
  return parts.join(' ');
}

function timeOf(time: number, now: Date): string {
  const date = new Date(time);
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const seconds = `${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${seconds}`;
  if (date.toDateString() === now.toDateString()) return clock;
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${clock}`;
}

function levelColour(colours: Colours, level: Level): (text: string) => string {
  switch (level) {
    case 'ERROR': return colours.red;
    case 'WARN': return colours.yellow;
    case 'INFO': return colours.green;
    default: return colours.dim;
  }
}

function quote(text: string): string {
  return /^[^\s"=]+$/.test(text) ? oneLine(text) : visibleJson(text)!;
}
