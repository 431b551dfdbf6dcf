import type { Command } from 'commander';
import type { StageOptions } from '../../project/project';
import { examples, stageOptions } from '../../util/options';

interface DoctorOptions extends StageOptions {
  readonly fix?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program.command('doctor')
    .description('check the tools, deploy.toml, the network, the credentials and the CDK bootstrap')
    .option('--fix', 'fix what can be fixed safely: install missing tools and packages')
    .option('--json', 'print JSON');
  examples(stageOptions(command),
    ['pmcp-deploy doctor', 'show problems, and how to fix them'],
    ['pmcp-deploy doctor --fix', 'also install cargo-lambda, the Rust target and the packages of the CDK app']);
  command.action(async (options: DoctorOptions) => {
    const { runDoctor } = await import('../../doctor/doctor');
    await runDoctor(options);
  });
}
