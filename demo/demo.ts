import { basename } from 'node:path';
import { checkTools } from './tools';
import { npxPmcpDeploy, scaffold, stopLocal, temporaryFolder } from '../test/support/app';
import { withMcpClient } from '../test/support/mcp';
import { packPackage } from '../test/support/package';

/** Packs this package, and deploys the sample server to a local AWS as a user would. Prints the duration of each step. */
async function demo(): Promise<void> {
  const times: Array<[string, number]> = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    console.log(`\n▶ ${name}`);
    const start = performance.now();
    try {
      return await work();
    } catch (error) {
      throw new Error(`"${name}" failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      times.push([name, (performance.now() - start) / 1000]);
    }
  };

  await step('Check Rust and Python', checkTools);
  const tarball = await step('Compile and pack this package', packPackage);
  console.log(`  ${basename(tarball)}`);

  const folder = temporaryFolder('my-mcp-server');
  try {
    await step('Scaffold an app from the package: npx projen new --from TARBALL pmcp-deploy', () => scaffold(folder.path));
    await step('Build the server and deploy it to a local AWS: npx pmcp-deploy local', () => (
      npxPmcpDeploy(folder.path, ['local'], { show: true })
    ));
    const { stdout } = await step('Read the outputs of the stack: npx pmcp-deploy outputs --local --json', () => (
      npxPmcpDeploy(folder.path, ['outputs', '--local', '--json'])
    ));
    const outputs = Object.entries(JSON.parse(stdout).outputs as Record<string, string>);
    const url = outputs.find(([name]) => name.endsWith('McpUrl'))?.[1];
    if (!url) throw new Error(`the stack has no output that ends in McpUrl: ${stdout}`);

    await step(`Connect the official MCP client to ${url}`, () => withMcpClient(url, async (client) => {
      const { tools } = await client.listTools();
      if (tools.length === 0) throw new Error('the server lists no tools');
      console.log(`  tools: ${tools.map((tool) => tool.name).join(', ')}`);
      const text = 'The quick brown fox jumps over the lazy dog';
      const result = await client.callTool({ name: 'text_statistics', arguments: { text } });
      const words = (result.structuredContent as { words?: number } | undefined)?.words;
      if (words !== 9) throw new Error(`text_statistics counted ${words} words instead of 9: ${JSON.stringify(result)}`);
      console.log(`  text_statistics("${text}") = ${JSON.stringify(result.structuredContent)}`);
    }));
    await step('Destroy the stack: npx pmcp-deploy destroy --local --yes', () => (
      npxPmcpDeploy(folder.path, ['destroy', '--local', '--yes'], { show: true })
    ));
  } finally {
    await stopLocal(folder.path);
    folder.remove();
    console.log(`\n${times.map(([name, seconds]) => `${seconds.toFixed(1).padStart(7)} s  ${name}`).join('\n')}`);
  }
  console.log('\n✔ the sample server was deployed, called and destroyed on this machine');
}

demo().catch((error: Error) => {
  console.error(`\n✘ ${error.message}`);
  process.exitCode = 1;
});
