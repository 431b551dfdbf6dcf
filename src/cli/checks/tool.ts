import { excerpt, textOf, type McpSession } from './protocol/session';
import { runCheck, Failed, type Result } from './report/results';
import { compileSchema, requireValid } from './schemas';

/** Call a tool, and check the arguments and the result against its schemas. */
export async function callTool(
  session: McpSession, name: string, args: Record<string, unknown>,
): Promise<{ result: Result; answer?: Record<string, unknown> }> {
  let answer: Record<string, unknown> | undefined;
  const result = await runCheck('tool', `calls ${name}`, async () => {
    const tools = await session.list('tools');
    const tool = tools.find((each) => each.name === name);
    const names = tools.map((each) => each.name).join(', ');
    if (!tool) throw new Failed(`there is no tool ${JSON.stringify(name)}; the server has ${names || 'none'}`);
    requireValid(compileSchema(tool.inputSchema, `inputSchema of tool ${name}`), args, 'the value of --args');
    answer = await session.request('tools/call', { name, arguments: args });
    if (answer.isError === true) throw new Failed(`the tool failed: ${excerpt(textOf(answer)) || 'its answer has no text'}`);
    if (tool.outputSchema !== undefined) {
      if (answer.structuredContent === undefined) throw new Failed('the tool has an outputSchema, but its answer has no structuredContent');
      requireValid(compileSchema(tool.outputSchema, `outputSchema of tool ${name}`), answer.structuredContent, 'structuredContent');
    }
    return { detail: excerpt(textOf(answer)) };
  });
  return { result, answer };
}
