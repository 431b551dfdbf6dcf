import { Command } from 'commander';
import { register as connect } from './commands/access/connect';
import { register as login } from './commands/access/login';
import { register as logout } from './commands/access/logout';
import { register as users } from './commands/access/users';
import { register as bootstrap } from './commands/deploy/bootstrap';
import { register as deploy } from './commands/deploy/deploy';
import { register as destroy } from './commands/deploy/destroy';
import { register as rollback } from './commands/deploy/rollback';
import { register as secrets } from './commands/deploy/secrets';
import { register as test } from './commands/deploy/test';
import { register as logs } from './commands/inspect/logs';
import { register as metrics } from './commands/inspect/metrics';
import { register as outputs } from './commands/inspect/outputs';
import { register as stages } from './commands/inspect/stages';
import { register as status } from './commands/inspect/status';
import { register as completion } from './commands/project/completion';
import { register as dev } from './commands/project/dev';
import { register as diff } from './commands/project/diff';
import { register as doctor } from './commands/project/doctor';
import { register as init } from './commands/project/init';
import { register as local } from './commands/project/local';
import { register as synth } from './commands/project/synth';
import { register as validate } from './commands/project/validate';
import { packageVersion } from './util/package-info';
import { parserOutput } from './util/terminal';

/** The commands, in the order of the help. Each loads its implementation when it runs. */
const COMMANDS = [
  init,
  dev,
  local,
  deploy,
  outputs,
  test,
  logs,
  metrics,
  rollback,
  secrets,
  login,
  logout,
  users,
  connect,
  status,
  stages,
  diff,
  synth,
  validate,
  doctor,
  bootstrap,
  destroy,
  completion,
];

/** Create the command line `pmcp-deploy <command>`. */
export function createProgram(): Command {
  const program = new Command('pmcp-deploy')
    .configureOutput(parserOutput)
    .description('Deploy MCP servers written in Rust to AWS Lambda')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)')
    .addHelpText('after', [
      '',
      'Examples:',
      '  pmcp-deploy init              create deploy.toml and the CDK app, in the folder of a Rust server',
      '  pmcp-deploy local             deploy it to a local AWS, without an AWS account',
      '  pmcp-deploy deploy            deploy it to AWS',
      '  pmcp-deploy help <command>    show the options and examples of a command',
      '',
      'Exit codes:',
      '  0    success',
      '  1    user error (configuration, arguments, expired credentials)',
      '  2    AWS or network failure',
      '  3    deployed, but verification failed',
      '  130  interrupted',
    ].join('\n'));
  COMMANDS.forEach((register) => register(program));
  return program;
}
