import type { StackEvent } from '@aws-sdk/client-cloudformation';
import { adviceOn, isVersionThere } from '../../../src/cli/deploy/failure-advice';
import type { Project } from '../../../src/cli/project/project';

const PROJECT = { region: 'eu-west-1', stage: 'prod' } as Project;
const QUOTAS = 'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/lambda/quotas';

function event(ResourceType: string, ResourceStatusReason?: string): StackEvent {
  return { StackId: '1', StackName: 'hello', EventId: '1', Timestamp: new Date(), ResourceType, ResourceStatusReason };
}

test.each([
  ['AWS::Lambda::Function',
    'Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum value of [10]."',
    `remove reserved_concurrency from [server], or request more "Concurrent executions" at ${QUOTAS}`],
  ['AWS::Lambda::Alias', 'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
    `lower it in [server], or request more "Concurrent executions" at ${QUOTAS}`],
  ['AWS::Lambda::Alias', 'CodeDeploy deployment d-ABC was stopped: one or more alarms have been activated', 'strategy = "all-at-once" in [deployment]'],
  ['AWS::CodeDeploy::DeploymentGroup', 'not authorized to perform: codedeploy:CreateDeploymentGroup', 'fix it, then run: npx pmcp-deploy deploy --stage prod'],
  ['AWS::IAM::Policy', 'The user with name nobody cannot be found.', 'fix it, then run: npx pmcp-deploy deploy --stage prod'],
  ['AWS::IAM::Policy', undefined, 'fix it, then run: npx pmcp-deploy deploy --stage prod'],
])('aws (d): %s that failed: %s', (type, reason, advice) => {
  expect(adviceOn(event(type, reason), PROJECT)).toContain(advice);
});

test.each([
  ['AWS::Lambda::Version', 'A version for this Lambda function exists ( 8 ). Modify the function to create a new version.', true],
  ['AWS::Lambda::Version', 'Version already exists: arn:aws:lambda:eu-west-1:1:function:f:8.', true],
  ['AWS::Lambda::Version', 'Rate exceeded', false],
  ['AWS::Lambda::LayerVersion', 'Version already exists: 8', false],
  ['AWS::Lambda::Version', undefined, false],
])('aws B3: %s that failed with %j is a version that is there: %s', (type, reason, expected) => {
  expect(isVersionThere(event(type, reason))).toBe(expected);
});
