import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeStackEventsCommand, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { cloudFormation, emptyAccount, NO_STACK, stack, stackIs } from './support/aws';
import { TestProject, write } from './support/project';
import { cli } from './support/run';
import { completionScript } from '../../src/cli/completion/completion';
import { createProgram } from '../../src/cli/program';

const STAGES = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "hello"\n[stages.prod.aws]\nregion = "us-east-2"\n';

beforeEach(emptyAccount);

test('stages lists each stage with its region and what is deployed of it', async () => {
  cloudFormation.on(DescribeStacksCommand, { StackName: 'hello' }).resolves({ Stacks: [stack()] });
  cloudFormation.on(DescribeStacksCommand, { StackName: 'hello-prod' }).rejects(NO_STACK);
  const project = new TestProject(STAGES);
  const { code, stdout } = await cli(project.root, project.environment(), 'stages');
  expect(stdout).toBe([
    'STAGE    STACK       REGION     ACCOUNT  STATUS           MCP URL',
    'default  hello       eu-west-1  -        CREATE_COMPLETE  https://abc123.execute-api.eu-west-1.amazonaws.com/mcp',
    'prod     hello-prod  us-east-2  -        NOT_DEPLOYED     -',
    '',
  ].join('\n'));
  expect(code).toBe(0);
});

test('status tells what failed first, and what to do about it', async () => {
  stackIs({ StackStatus: 'ROLLBACK_COMPLETE' });
  cloudFormation.on(ListStackResourcesCommand).resolves({ StackResourceSummaries: [] });
  cloudFormation.on(DescribeStackEventsCommand).resolves({
    StackEvents: [
      { EventId: '2', StackId: '1', StackName: 'hello', Timestamp: new Date(), LogicalResourceId: 'Role', ResourceType: 'AWS::IAM::Role', ResourceStatus: 'CREATE_FAILED', ResourceStatusReason: 'no' },
    ],
  });
  const project = new TestProject();
  const { stdout } = await cli(project.root, project.environment(), 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'ROLLBACK_COMPLETE',
    failure: 'Role (AWS::IAM::Role), CREATE_FAILED: no',
    advice: 'clean up with: npx pmcp-deploy destroy',
  });
});

test('the status of a renamed server is not that of the stack with the old name', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(NO_STACK).on(DescribeStacksCommand, { StackName: 'hello' }).resolves({ Stacks: [stack()] });
  const project = new TestProject('[aws]\nregion = "eu-west-1"\n[server]\nname = "hallo"\n');
  const { stdout } = await cli(project.root, project.environment(), 'status', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ stack: 'hallo', status: 'NOT_DEPLOYED' });
});

test.each([['logs'], ['metrics'], ['test'], ['secrets', 'delete', 'KEY', '--yes'], ['rollback']])(
  '%s fails if nothing is deployed', async (...command) => {
    const project = new TestProject();
    const { code, stdout, stderr } = await cli(project.root, project.environment(), ...command);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('error: ');
  },
);

test('init does not change an existing deploy.toml', async () => {
  const project = new TestProject();
  write(join(project.root, 'Cargo.toml'), '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n');
  const path = join(project.root, '.pmcp', 'deploy.toml');
  const before = readFileSync(path, 'utf-8');
  const { code, stderr } = await cli(project.root, project.environment(), 'init', '--name', 'other', '--no-install');
  expect([code, readFileSync(path, 'utf-8')]).toEqual([0, before]);
  expect(stderr).toContain('.pmcp/deploy.toml already exists, left unchanged');
  expect(stderr).toContain('--name has no effect: the name of the server is in [server] of deploy.toml');
});

test('validate reads deploy.toml alone, and --template the template without a build', async () => {
  const project = new TestProject(STAGES);
  const { code, stderr } = await cli(project.root, { PATH: '' }, 'validate');
  expect(stderr).toBe(`✔ ${project.root}/.pmcp/deploy.toml is valid: hello, stages default, prod\n`);
  expect(code).toBe(0);
  const template = await cli(project.root, project.environment(), 'validate', '--template', '--stage', 'prod', '--json');
  expect(JSON.parse(template.stdout)).toMatchObject({ server: 'hello', stage: 'prod', stack: 'hello-prod', region: 'us-east-2', template: { resources: 1 } });
});

test('every command has a description, examples and an own help', () => {
  for (const command of createProgram().commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(command.description()).not.toBe('');
    expect(help).toContain('\nExamples:\n');
  }
});

test('completion knows the commands and their options', () => {
  const program = createProgram();
  const script = completionScript(program, 'bash');
  const completeIn = (cwd: string, ...words: string[]) => execFileSync('bash', ['-c', `${script}\nCOMP_WORDS=(${words.join(' ')} ''); COMP_CWORD=${words.length}; _pmcp_deploy; echo "\${COMPREPLY[@]}"`], { encoding: 'utf-8', cwd }).trim().split(' ');
  const complete = (...words: string[]) => completeIn(tmpdir(), ...words);
  expect(complete('pmcp-deploy')).toEqual(expect.arrayContaining(program.commands.map((command) => command.name())));
  expect(complete('pmcp-deploy', 'deploy')).toEqual(expect.arrayContaining(['--stage', '--dry-run', '--on-failure']));
  expect(complete('pmcp-deploy', 'deploy', '--on-failure')).toEqual(['rollback', 'keep']);
  expect(complete('pmcp-deploy', 'secrets')).toEqual(expect.arrayContaining(['set', 'list', 'delete']));
  expect(complete('pmcp-deploy', 'secrets', 'set')).toEqual(expect.arrayContaining(['--stage', '--local']));
  const { root } = new TestProject(`${STAGES}[stages.test]\n`);
  expect(complete('pmcp-deploy', 'deploy', '--stage')).toEqual(['default']);
  expect(completeIn(join(root, 'deploy'), 'pmcp-deploy', 'deploy', '--stage')).toEqual(['default', 'prod', 'test']);
  expect(complete('pmcp-deploy', 'connect')).toEqual(expect.arrayContaining(['cursor', 'vscode']));
  expect(completionScript(program, 'zsh')).toContain("'deploy:build the server and deploy it to AWS'");
  expect(completionScript(program, 'fish')).toContain("-a deploy -d 'build the server and deploy it to AWS'");
});
