import type { Inventory } from './conformance';
import type { McpSession } from './protocol/session';
import { runCheck, Failed, skipped, type Result } from './report/results';

/** The media type of a page that an MCP client shows for a tool. */
const APP_TYPE = /^text\/html([+;].*)?$/;

/** Check that the pages of tools (MCP Apps) can be read. */
export async function runAppChecks(session: McpSession, { tools }: Inventory): Promise<Result[]> {
  const pages = tools.map((tool) => ({ tool: String(tool.name), uri: pageOf(tool) })).filter(({ uri }) => uri !== undefined);
  if (pages.length === 0) return [await runCheck('apps', 'pages of tools', async () => skipped('no tool has a page'))];
  return Promise.all(pages.map(async ({ tool, uri }) => runCheck('apps', `page of ${tool}`, async () => {
    if (typeof uri !== 'string' || !uri.startsWith('ui://')) {
      throw new Failed(`the URI of the page must begin with ui://, it is ${JSON.stringify(uri)}`);
    }
    const { contents } = await session.request('resources/read', { uri });
    const [content] = (Array.isArray(contents) ? contents : []) as Array<{ mimeType?: unknown; text?: unknown; blob?: unknown }>;
    if (!content) throw new Failed(`${uri} has no contents`);
    if (typeof content.mimeType !== 'string' || !APP_TYPE.test(content.mimeType)) {
      throw new Failed(`${uri} is ${JSON.stringify(content.mimeType)}, not text/html`);
    }
    const size = String(content.text ?? content.blob ?? '').length;
    if (size === 0) throw new Failed(`${uri} is empty`);
    return { detail: `${uri}, ${content.mimeType}, ${size} characters` };
  })));
}

/** The URI of a tool's page: the keys of MCP Apps, and the older one of ChatGPT. */
function pageOf(tool: Record<string, unknown>): unknown {
  const meta = (tool._meta ?? {}) as Record<string, unknown>;
  return (meta.ui as { resourceUri?: unknown } | undefined)?.resourceUri ?? meta['ui/resourceUri'] ?? meta['openai/outputTemplate'];
}
