import { writeFileSync } from 'node:fs';
import { junit } from './junit';
import { count, isPassed, type Result, type Status, type TestRun } from './results';
import { oneLine } from '../../../util/text/visible';
import { CliError } from '../../util/errors';
import { colour, note, printJson } from '../../util/terminal';

const MARKS: Record<Status, string> = {
  passed: colour.green('✔'), warning: colour.yellow('!'), failed: colour.red('✖'), skipped: colour.dim('-'),
};

/** A result as a line of the table. Names and details have text from the server. */
export function resultLine({ group, name: shownName, status, detail: found = '', ms }: Result): string {
  const [name, detail] = [oneLine(shownName), oneLine(found)];
  const text = status === 'failed' ? colour.red(detail) : status === 'warning' ? colour.yellow(detail) : colour.dim(detail);
  const duration = colour.dim(`${String(ms).padStart(5)} ms`);
  return `${MARKS[status]} ${colour.dim(group.padEnd(12))} ${name.padEnd(52)} ${duration}${detail && `  ${text}`}`;
}

/** The summary of all results, in one line. */
export function summary(results: readonly Result[]): string {
  const { executed, passed, warnings, failed, skipped } = count(results);
  if (executed === 0) return colour.red('no test was executed');
  const parts = [
    `${passed} passed`, warnings > 0 && `${warnings} with a warning`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`,
  ];
  const line = `${executed} ${executed === 1 ? 'test' : 'tests'}: ${parts.filter(Boolean).join(', ')}`;
  return failed > 0 ? colour.red(line) : colour.green(line);
}

export interface ReportOptions {
  readonly json?: boolean;
  readonly junit?: string;
}

/** Write the requested reports. The lines of the table were printed as the results came. */
export function writeReport({ results, toolAnswer }: TestRun, url: string, options: ReportOptions): void {
  if (options.junit !== undefined) writeJunit(options.junit, junit(results, url));
  if (options.json) {
    printJson({ url, ok: isPassed(results), ...count(results), results, ...toolAnswer && { answer: toolAnswer } });
    return;
  }
  if (toolAnswer) printJson(toolAnswer.structuredContent ?? toolAnswer);
  note(summary(results));
}

function writeJunit(path: string, xml: string): void {
  try {
    writeFileSync(path, xml);
  } catch (error) {
    throw new CliError(`cannot write ${path}: ${(error as Error).message}`, { cause: error });
  }
}
