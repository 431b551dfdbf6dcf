import type { Command } from 'commander';
import { CliError } from '../../util/errors';
import { examples, verboseOption } from '../../util/options';
import { print, note, printJson, step, success } from '../../util/terminal';

interface LocalOptions {
  readonly stage?: string;
  readonly stop?: boolean;
  readonly status?: boolean;
  readonly env?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const command = program.command('local')
    .description('deploy the stack to a local AWS on this machine, without an AWS account')
    .option('-s, --stage <name>', 'stage of deploy.toml')
    .option('--stop', 'stop the local AWS, and delete what is deployed there')
    .option('--status', 'show whether the local AWS runs')
    .option('--json', 'with --status: print JSON')
    .option('--env', 'print shell commands that make the aws CLI and SDKs use the local AWS');
  examples(verboseOption(command),
    ['pmcp-deploy local', 'start the local AWS if needed, deploy, and print the MCP URL'],
    ['pmcp-deploy outputs --local', 'run another command against the local AWS'],
    ['eval "$(pmcp-deploy local --env)"', 'use the local AWS with the aws CLI in this shell'],
    ['pmcp-deploy local --stop', 'stop it']);
  command.action(async (options: LocalOptions) => {
    const chosen = (['stop', 'status', 'env'] as const).filter((name) => options[name]).map((name) => `--${name}`);
    if (chosen.length > 1) throw new CliError(`${chosen.join(' and ')} cannot be combined`);
    if (options.stop) await stopLocal();
    else if (options.status) await showLocalStatus(options.json === true);
    else if (options.env) await printEnvironment(options);
    else await deployLocally(options);
  });
}

async function deployLocally({ stage }: LocalOptions): Promise<void> {
  const { readProject } = await import('../../project/project');
  const { startLocalAws } = await import('../../local/ministack');
  const { endpointOf, requireLocalAws } = await import('../../local/state');
  const { deployStage } = await import('../../deploy/deploy');
  const { printOutputs, printUrls } = await import('../../stack/outputs');

  const project = await step('Configuration', async ({ say }) => {
    const read = readProject(stage);
    say(`${read.serverName}, stage ${read.stage}, ${read.region}`);
    return read;
  });
  await step('Local AWS', async ({ say }) => {
    const state = await startLocalAws(say);
    say(`ministack ${state.version} at ${endpointOf(state)}, process ${state.pid}`);
  });
  const local = { ...project, local: await requireLocalAws() };
  const stack = await deployStage(local);
  note();
  await printOutputs(stack);
  note();
  printUrls(stack);
}

async function stopLocal(): Promise<void> {
  const { stopLocalAws } = await import('../../local/ministack');
  const stopped = await stopLocalAws();
  success(stopped ? 'the local AWS has stopped' : 'no local AWS was running');
}

async function printEnvironment({ stage }: LocalOptions): Promise<void> {
  const { readProject } = await import('../../project/project');
  const { requireLocalAws } = await import('../../local/state');
  const { shellLines } = await import('../../local/profile');
  const { region } = readProject(stage);
  await requireLocalAws();
  for (const line of shellLines(region)) print(line);
}

async function showLocalStatus(json: boolean): Promise<void> {
  const { endpointOf, logFile, runningLocalAws } = await import('../../local/state');
  const { profileFile } = await import('../../local/profile');
  const state = await runningLocalAws();
  if (json) {
    const files = { log: logFile(), awsConfigFile: profileFile() };
    printJson(state ? { running: true, endpoint: endpointOf(state), pid: state.pid, version: state.version, ...files }
      : { running: false });
  } else if (state) {
    print(`the local AWS runs at ${endpointOf(state)} (ministack ${state.version}, process ${state.pid}); its log is ${logFile()}`);
  } else {
    print('the local AWS is not running');
  }
}
