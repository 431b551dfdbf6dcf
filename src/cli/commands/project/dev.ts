import type { Command } from 'commander';
import { CliError } from '../../util/errors';
import { examples, verboseOption } from '../../util/options';

interface DevOptions {
  readonly stage?: string;
  readonly port?: number;
  readonly release?: boolean;
}

export function register(program: Command): void {
  const command = program.command('dev')
    .description('run the server on this machine, and rebuild and restart it when its code changes')
    .option('-s, --stage <name>', 'stage whose [environment] the server gets')
    .option('-p, --port <port>', 'port to listen on (default: 3000, or a free port)', toPort)
    .option('--release', 'build with the release profile');
  examples(verboseOption(command),
    ['pmcp-deploy dev', 'serve http://127.0.0.1:3000/mcp until Ctrl-C'],
    ['pmcp-deploy dev --port 8080 --stage test', 'use another port, and the environment of a stage']);
  command.action(async (options: DevOptions) => {
    const { develop } = await import('../../dev/develop');
    await develop(options);
  });
}

function toPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new CliError(`--port is ${JSON.stringify(text)}: it must be a whole number from 1 to 65535`);
}
