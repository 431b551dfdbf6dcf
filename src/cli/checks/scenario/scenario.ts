import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import * as z from 'zod';
import { assertion, findViolation } from './assertions';
import { substitute } from './paths';
import { CliError } from '../../util/errors';
import { ProtocolError, textOf, type McpSession } from '../protocol/session';
import { runCheck, Failed, type Result } from '../report/results';

const seconds = z.number().positive().max(3600);
const args = z.record(z.string(), z.unknown());

const operation = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('tool_call'), tool: z.string(), arguments: args.nullish() }),
  z.strictObject({ type: z.literal('list_tools') }),
  z.strictObject({ type: z.literal('list_resources') }),
  z.strictObject({ type: z.literal('read_resource'), uri: z.string() }),
  z.strictObject({ type: z.literal('list_prompts') }),
  z.strictObject({ type: z.literal('get_prompt'), name: z.string(), arguments: args.nullish() }),
  z.strictObject({ type: z.literal('custom'), method: z.string(), params: args.nullish() }),
  z.strictObject({ type: z.literal('wait'), seconds: z.number().min(0).max(3600) }),
  z.strictObject({ type: z.literal('set_variable'), name: z.string(), value: z.unknown() }),
]);

const step = z.strictObject({
  name: z.string(),
  operation,
  timeout: seconds.nullish(),
  continue_on_failure: z.boolean().default(false),
  store_result: z.string().nullish(),
  assertions: z.array(assertion).default([]),
});

const scenario = z.strictObject({
  name: z.string(),
  description: z.string().nullish(),
  timeout: seconds.default(60),
  stop_on_failure: z.boolean().default(true),
  variables: z.record(z.string(), z.unknown()).default({}),
  setup: z.array(step).default([]),
  steps: z.array(step).min(1),
  cleanup: z.array(step).default([]),
});

/** A scenario: steps, and assertions about their results. The format is mcp-tester's. */
export type Scenario = z.infer<typeof scenario>;
type Step = z.infer<typeof step>;
type Operation = z.infer<typeof operation>;

const DEFAULT_STEP_SECONDS = 30;

/** @throws CliError for a file that cannot be read, or is not a scenario */
export function readScenario(path: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, 'utf-8');
  } catch (error) {
    throw new CliError(`cannot read the scenario file ${path}: ${(error as Error).message}`, { cause: error });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new CliError(`${path} is neither YAML nor JSON: ${(error as Error).message}`, { cause: error });
  }
  const result = scenario.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path: at, message }) => `  ${at.join('.') || 'the file'}: ${message}`);
  throw new CliError([`${path} is not a scenario:`, ...problems].join('\n'));
}

/** Run the steps of a scenario. Each step is a result. */
export async function runScenario(session: McpSession, scenarioToRun: Scenario): Promise<Result[]> {
  const { name, timeout, stop_on_failure: stops, variables, setup, steps, cleanup } = scenarioToRun;
  const values: Record<string, unknown> = { ...variables };
  const deadline = Date.now() + timeout * 1000;
  const results: Result[] = [];
  const runStep = async (each: Step, tolerant: boolean): Promise<boolean> => {
    const left = (Math.max(deadline, tolerant ? Date.now() + DEFAULT_STEP_SECONDS * 1000 : 0) - Date.now()) / 1000;
    const result = await runCheck('scenario', `${name}: ${each.name}`, async () => performStep(session, each, values, left));
    const forgiven = result.status === 'failed' && (tolerant || each.continue_on_failure);
    results.push(forgiven ? { ...result, status: 'warning' } : result);
    return result.status !== 'failed' || forgiven;
  };
  for (const each of [...setup, ...steps]) {
    if (!await runStep(each, false) && stops) break;
  }
  for (const each of cleanup) await runStep(each, true);
  return results;
}

async function performStep(session: McpSession, toTake: Step, values: Record<string, unknown>, left: number): Promise<void> {
  const { operation: written, timeout, store_result: variable, assertions } = toTake;
  if (left <= 0) throw new Failed('the time limit of the scenario is over');
  const limit = Math.min(timeout ?? DEFAULT_STEP_SECONDS, left);
  const wanted = substitute(written, values) as Operation;
  const ended = new AbortController();
  const late = sleep(limit * 1000, undefined, { signal: ended.signal }).then(() => {
    throw new Failed(`no result within ${limit.toFixed(0)} s`);
  });
  late.catch(() => undefined);
  try {
    const response = await Promise.race([perform(session, wanted, values, ended.signal), late]);
    if (variable) values[variable] = response;
    const problems = assertions
      .map((each) => findViolation(substitute(each, values) as typeof each, response))
      .filter((problem) => problem !== undefined);
    if (problems.length > 0) throw new Failed(problems.join('; '));
    // An error that no assertion expects.
    if (assertions.length === 0 && response.error !== undefined && response.error !== null) throw new Failed(String(response.error));
  } finally {
    ended.abort();
  }
}

/** Perform the operation of a step. The result has the form that assertions expect. */
async function perform(
  session: McpSession, wanted: Operation, values: Record<string, unknown>, signal: AbortSignal,
): Promise<Record<string, unknown>> {
  switch (wanted.type) {
    case 'tool_call':
      return outcome(async () => {
        const answer = await session.request('tools/call', { name: wanted.tool, arguments: wanted.arguments ?? {} });
        const text = textOf(answer);
        const structured = answer.structuredContent ?? null;
        if (answer.isError === true) return { success: false, result: text, parsed: null, structured, error: text };
        return { success: true, result: text, parsed: parseJson(text), structured, error: null };
      });
    case 'list_tools':
      return outcome(async () => ({ success: true, tools: await session.list('tools'), error: null }));
    case 'list_resources':
      return outcome(async () => ({ success: true, resources: await session.list('resources'), error: null }));
    case 'list_prompts':
      return outcome(async () => ({ success: true, prompts: await session.list('prompts'), error: null }));
    case 'read_resource':
      return outcome(async () => ({ success: true, ...await session.request('resources/read', { uri: wanted.uri }), error: null }));
    case 'get_prompt':
      return outcome(async () => {
        const params = { name: wanted.name, arguments: wanted.arguments ?? {} };
        return { success: true, ...await session.request('prompts/get', params), error: null };
      });
    case 'custom': {
      const { message } = await session.post(wanted.method, wanted.params ?? {});
      return { ...message };
    }
    case 'wait':
      await sleep(wanted.seconds * 1000, undefined, { signal });
      return { waited: wanted.seconds };
    case 'set_variable':
      values[wanted.name] = wanted.value;
      return { variable_set: wanted.name };
  }
}

async function outcome(work: () => Promise<Record<string, unknown>>): Promise<Record<string, unknown>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProtocolError && error.answer.message?.error)) throw error;
    return { success: false, result: null, parsed: null, error: error.message };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
