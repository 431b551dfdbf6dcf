import type { LogEvent, LogSource } from '../../../src/cli/logs/log-event';

export const GROUPS = {
  function: { name: 'functions', source: 'function', server: 'weather' },
  access: { name: 'requests', source: 'access', server: 'weather' },
} as const;

export function event(message: unknown, { timestamp = 1000, stream = 'a', source = 'function' as LogSource } = {}): LogEvent {
  return { group: GROUPS[source], stream, timestamp, message: typeof message === 'string' ? message : JSON.stringify(message) };
}
