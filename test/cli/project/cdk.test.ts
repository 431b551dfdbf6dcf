import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cdk } from '../../../src/cli/project/cdk';
import type { CdkContext } from '../../../src/cli/project/cdk-context';
import type { Project } from '../../../src/cli/project/project';
import { TestProject } from '../support/project';

/** The context that the CDK gets. */
async function contexts(changes: Partial<Project>, context: CdkContext = {}): Promise<string[]> {
  const test = new TestProject();
  const project = { root: test.root, appFolder: join(test.root, 'deploy'), stage: 'prod', region: 'eu-west-1', ...changes } as Project;
  await cdk(project, ['synth'], { context, output: 'collect' });
  const { args } = JSON.parse(readFileSync(test.calls, 'utf-8')) as { args: string[] };
  return args.filter((_, index) => args[index - 1] === '--context');
}

test('for AWS, the stage is all of the context', async () => {
  expect(await contexts({})).toEqual(['stage=prod']);
});

test('for a local AWS, the context turns off what it lacks', async () => {
  expect(await contexts({ local: { endpoint: 'http://127.0.0.1:1', account: '000000000000', secret: 's' } })).toEqual([
    'stage=prod',
    'pmcp-deploy:account=000000000000',
    `pmcp-deploy:architecture=${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`,
    'pmcp-deploy:sign-in-page=classic',
    'pmcp-deploy:metric-math=off',
    'pmcp-deploy:secret-delivery=environment',
    'pmcp-deploy:domain=off',
    'pmcp-deploy:strategy=all-at-once',
  ]);
});

test('secrets are passed by ARN and version', async () => {
  const secrets = { API_KEY: { arn: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:x-AbCdEf', versionId: 'v' } };
  expect(await contexts({}, { secrets, allAtOnce: true })).toEqual(['stage=prod', 'pmcp-deploy:strategy=all-at-once', `pmcp-deploy:secrets=${JSON.stringify(secrets)}`]);
});
