import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { pmcpDeploy } from './app';

interface Names {
  readonly stacks: string[];
  readonly functions: string[];
  readonly apis: string[];
  readonly logGroups: string[];
  readonly roles: string[];
}

/** The address of the local AWS of the tests; it must run. */
export async function localEndpoint(folder: string): Promise<string> {
  const { stdout } = await pmcpDeploy(folder, ['local', '--status', '--json']);
  return JSON.parse(stdout).endpoint;
}

/** What there is in the local AWS, the CDK's own bootstrap left out. */
export async function inventory(endpoint: string): Promise<Names> {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const [stacks, functions, apis, logGroups, roles] = await Promise.all([
    new CloudFormationClient(config).send(new ListStacksCommand({})),
    new LambdaClient(config).send(new ListFunctionsCommand({})),
    new ApiGatewayV2Client(config).send(new GetApisCommand({})),
    new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({})),
    new IAMClient(config).send(new ListRolesCommand({})),
  ]);
  const own = (names: Array<string | undefined>) => names.map((name) => name ?? '').filter((name) => !/^(CDKToolkit$|cdk-)/.test(name));
  return {
    stacks: own((stacks.StackSummaries ?? []).filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE').map((stack) => stack.StackName)),
    functions: own((functions.Functions ?? []).map((fn) => fn.FunctionName)),
    apis: own((apis.Items ?? []).map((api) => api.Name)),
    logGroups: own((logGroups.logGroups ?? []).map((group) => group.logGroupName)),
    roles: own((roles.Roles ?? []).map((role) => role.RoleName)),
  };
}
