import { mcpUrls } from './deployed-servers';
import type { StackState } from './stack';
import { colour, print, printTable } from '../util/terminal';

/** The outputs of a stack, for --json. */
export function outputsJson(stack: StackState, stage: string, region: string): object {
  return {
    stack: stack.name,
    stage,
    region,
    status: stack.status,
    outputs: Object.fromEntries(stack.outputs.map(({ key, value }) => [key, value])),
  };
}

export async function printOutputs(stack: StackState): Promise<void> {
  const urls = new Set(mcpUrls(stack).map(({ key }) => key));
  await printTable(stack.outputs.map(({ key, value }) => [key, urls.has(key) ? colour.cyan(value) : value]));
}

/** Print the MCP URLs, as the last lines of a deployment. */
export function printUrls(stack: StackState): void {
  const urls = mcpUrls(stack);
  for (const { key, value } of urls) print(`${urls.length === 1 ? 'MCP URL' : key}: ${colour.cyan(value)}`);
}
