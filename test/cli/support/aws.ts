import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

export const sts = mockClient(STSClient);
export const ssm = mockClient(SSMClient);
export const cloudFormation = mockClient(CloudFormationClient);
export const logs = mockClient(CloudWatchLogsClient);
export const lambda = mockClient(LambdaClient);

/** An error as AWS answers it. */
export function awsError(name: string, message: string = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { requestId: '1', httpStatusCode: 400 }, $fault: 'client' });
}

export const NO_STACK = awsError('ValidationError', 'Stack with id hello does not exist');

/** An account with credentials, a CDK bootstrap, and no stack. */
export function emptyAccount(): void {
  [sts, ssm, cloudFormation, logs, lambda].forEach((client) => client.reset());
  sts.on(GetCallerIdentityCommand).resolves({ Account: '111111111111' });
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '30' } });
  cloudFormation.on(DescribeStacksCommand).rejects(NO_STACK);
}

export function notBootstrapped(): void {
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: 'no', $metadata: {} }));
}

/** The server's stack as CloudFormation describes it. */
export function stack(changes: Partial<Stack> = {}): Stack {
  return {
    StackName: 'hello',
    StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/hello/1',
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: new Date('2026-01-01T00:00:00Z'),
    Tags: [{ Key: 'pmcp-deploy:server', Value: 'hello' }, { Key: 'pmcp-deploy:stage', Value: 'default' }],
    Outputs: [
      { OutputKey: 'helloMcpUrl', OutputValue: 'https://abc123.execute-api.eu-west-1.amazonaws.com/mcp' },
      { OutputKey: 'helloFunctionName', OutputValue: 'hello-Function' },
    ],
    ...changes,
  };
}

export function stackIs(changes: Partial<Stack> = {}): void {
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack(changes)] });
}
