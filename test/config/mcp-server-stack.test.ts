import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { MINIMAL, serverFolder } from './deploy-toml';
import { synthesize } from './synth';
import { DeployConfig, McpServerStack } from '../../src';

test('the stack has the name, region, account, tags and outputs that the file says', () => {
  const { stack, template } = synthesize('[aws]\nregion = "eu-west-1"\naccount_id = "123456789012"\n[server]\nname = "my_server"\n[tags]\nteam = "platform"\n');
  expect(stack.stackName).toBe('my-server');
  expect(stack.environment).toBe('aws://123456789012/eu-west-1');
  expect(stack.tags.tagValues()).toEqual({ 'pmcp-deploy:server': 'my_server', 'pmcp-deploy:stage': 'default', 'team': 'platform' });
  template.hasResourceProperties('AWS::Lambda::Function', { Tags: Match.arrayWith([{ Key: 'team', Value: 'platform' }]) });
  template.hasResourceProperties('AWS::CloudWatch::Dashboard', { Tags: Match.absent() });
  expect(Object.keys(template.findOutputs('*'))).toEqual(expect.arrayContaining(['myserverMcpUrl', 'myserverApiUrl', 'myserverFunctionName']));
});

test('a local AWS plays an account of its own', () => {
  const root = serverFolder(MINIMAL.replace('[aws]', '[aws]\naccount_id = "123456789012"'), { 'Cargo.toml': '[package]\nname = "hello"\n' });
  const config = DeployConfig.load(join(root, '.pmcp', 'deploy.toml'));
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [], 'pmcp-deploy:account': '000000000000' } });
  expect(new McpServerStack(app, 'Stack', { config }).environment).toBe('aws://000000000000/us-east-1');
  expect(new McpServerStack(app, 'Other', { config, env: { account: '210987654321', region: 'eu-west-1' } }).environment).toBe('aws://000000000000/eu-west-1');
});

test('a stage has a stack of its own, with its overrides', () => {
  const toml = `${MINIMAL}[stages.prod]\naws.region = "eu-west-1"\nserver.memory_mb = 1024\n`;
  const { stack, template } = synthesize(toml, 'prod');
  expect(stack.stackName).toBe('hello-prod');
  expect(stack.region).toBe('eu-west-1');
  expect(stack.tags.tagValues()).toEqual({ 'pmcp-deploy:server': 'hello', 'pmcp-deploy:stage': 'prod' });
  template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024 });
  synthesize(toml).template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512 });
});

test('several servers share the stack, each with its own function, API and outputs', () => {
  const { stack, template } = synthesize(`${MINIMAL}[environment]\nA1 = "all"
[[servers]]\nname = "weather"\nbuild.binary = "weather"\n[[servers]]\nname = "maps"\nmemory_mb = 1024\nbuild.binary = "maps"\nenvironment.B1 = "maps"\n`);
  expect(stack.stackName).toBe('hello');
  expect(Object.keys(stack.servers)).toEqual(['weather', 'maps']);
  expect(stack.server).toBe(stack.servers.weather);
  template.resourceCountIs('AWS::ApiGatewayV2::Api', 2);
  template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 512, Environment: { Variables: { A1: 'all', B1: Match.absent() } } });
  template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024, Environment: { Variables: { A1: 'all', B1: 'maps' } } });
  expect(template.findOutputs('*')).toHaveProperty('mapsMcpUrl');
  expect(template.findOutputs('*')).toHaveProperty('weatherMcpUrl');
});

test('warnings of the file are warnings of the stack, said once', () => {
  const { stack } = synthesize('[aws]\nregion = "us-east-1"\n[server]\nname = "hello"\ntimeout_seconds = 30\n[auth]\nenabled = false\n');
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ entry }) => entry.data)).toEqual([
    expect.stringMatching(/deploy\.toml:5:19: server\.timeout_seconds is 30, but the HTTP API times out after 30 seconds/),
  ]);
});

test('a server that the file does not have is refused', () => {
  const root = serverFolder(MINIMAL);
  const config = DeployConfig.load(join(root, '.pmcp', 'deploy.toml'));
  const { stack } = synthesize();
  expect(() => config.serverProps(stack, 'other')).toThrow(`${config.path} has no server "other": it has hello`);
});

test('a server with another name has another stack', () => {
  const names = [synthesize(), synthesize(MINIMAL.replace('hello', 'hallo'))].map(({ stack: { stackName } }) => stackName);
  expect(names).toEqual(['hello', 'hallo']);
});

test('no function, role or log group has a name that another stack could have', () => {
  const { template } = synthesize(`${MINIMAL}[observability.alarms]\n`);
  template.allResourcesProperties('AWS::Lambda::Function', { FunctionName: Match.absent() });
  template.allResourcesProperties('AWS::IAM::Role', { RoleName: Match.absent() });
  const names = Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ Properties }) => Properties.LogGroupName);
  // A name with the id of the stack is unique.
  for (const name of names.filter((each) => each !== undefined)) expect(JSON.stringify(name)).toContain('{"Ref":"AWS::StackId"}');
});
