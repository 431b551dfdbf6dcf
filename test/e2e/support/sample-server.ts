import { withMcpClient } from '../../support/mcp';

/** Check that the sample server answers an MCP client at `url`. */
export async function expectWorkingServer(url: string): Promise<void> {
  await withMcpClient(url, async (client) => {
    expect(client.getServerVersion()?.name).toBeTruthy();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name).sort()).toEqual(['date_difference', 'text_statistics', 'who_am_i']);
    const result = await client.callTool({ name: 'text_statistics', arguments: { text: 'two words' } });
    expect(result.structuredContent).toMatchObject({ words: 2, characters: 9 });
  });
  for (const method of ['GET', 'DELETE']) {
    const answer = await fetch(url, { method, headers: { accept: 'application/json, text/event-stream' } });
    expect([method, answer.status]).toEqual([method, 405]);
  }
  const unknown = await fetch(url.replace(/\/mcp$/, '/unknown'), { method: 'POST', body: '{}' });
  expect(unknown.status).toBe(404);
}

/** The MCP URL in what `pmcp-deploy outputs --json` printed. */
export function mcpUrl(stdout: string): string {
  const { outputs } = JSON.parse(stdout) as { outputs: Record<string, string> };
  const [url] = Object.entries(outputs).filter(([name]) => name.endsWith('McpUrl')).map(([, value]) => value);
  return url;
}
