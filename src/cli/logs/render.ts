import { textOf, type LogEntry, type Level } from './log-entry';
import type { LogEvent } from './log-event';
import { oneLine, visible, visibleJson } from '../../util/text/visible';
import type { Colours } from '../util/terminal';

/** How to show entries. */
export interface RenderOptions {
  readonly colours: Colours;

  /** Whether to say what each line is from: where there is more than one server or source. */
  readonly origin: boolean;

  /** A line of another day has its date. */
  readonly now: Date;
}

/** An entry as a line of JSON. */
export function renderJson(event: LogEvent, { time, level, message, requestId, fields }: LogEntry): string {
  const { server, source } = event.group;
  return visibleJson({
    time: new Date(time).toISOString(), level, message, requestId, server, source, stream: event.stream, ...nonEmpty(fields),
  })!;
}

function nonEmpty(fields: LogEntry['fields']): { fields?: LogEntry['fields'] } {
  return Object.values(fields).every((value) => value === undefined) ? {} : { fields };
}

/** An entry for people: time, level, message, fields. */
export function renderText(event: LogEvent, entry: LogEntry, { colours, origin, now }: RenderOptions): string {
  const parts = [
    colours.dim(timeOf(entry.time, now)),
    levelColour(colours, entry.level)(entry.level.padEnd(5)),
    ...(origin ? [colours.cyan(`${event.group.server} ${event.group.source}`)] : []),
    visible(entry.message).replaceAll('\n', '\n  '),
    // A report has said all that there is in its message.
    ...(entry.fields.type === 'report' ? [] : Object.entries(entry.fields).filter(([, value]) => value !== undefined)
      .map(([key, value]) => colours.dim(`${quote(key)}=${quote(textOf(value))}`))),
    ...(entry.requestId === undefined ? [] : [colours.dim(`[${oneLine(entry.requestId)}]`)]),
  ];
  return parts.join(' ');
}

function timeOf(time: number, now: Date): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return date.toDateString() === now.toDateString() ? clock : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
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
