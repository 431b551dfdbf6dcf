import type { Command } from 'commander';
import { examples, verboseOption } from '../../util/options';

interface InitOptions {
  readonly region?: string;
  readonly name?: string;
  readonly stage?: string;
  readonly install: boolean;
}

export function register(program: Command): void {
  const command = program.command('init')
    .description('create .pmcp/deploy.toml and the CDK app in deploy/, for the Rust server in this folder')
    .option('-r, --region <region>', 'AWS region to deploy to (default: "us-east-1")')
    .option('--name <name>', 'name of the server (default: the name in Cargo.toml)')
    .option('-s, --stage <name>', 'also add a stage to deploy.toml')
    .option('--no-install', 'do not install the packages of the CDK app');
  examples(verboseOption(command),
    ['pmcp-deploy init', 'create the files, in the folder of a Rust server'],
    ['pmcp-deploy init --region eu-central-1 --stage prod', 'choose the region, and add the stage "prod"']);
  command.action(async (options: InitOptions) => {
    const { initialize } = await import('../../init/initialize');
    await initialize(options);
  });
}
