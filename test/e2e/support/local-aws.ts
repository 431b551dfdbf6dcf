import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { e2eEnv } from '../../support/env';

interface Names {
  readonly stacks: string[];
  readonly functions: string[];
  readonly apis: string[];
  readonly logGroups: string[];
  readonly roles: string[];
}

/** Inventory of a local AWS without any deployment. */
export const EMPTY: Names = { stacks: [], functions: [], apis: [], logGroups: [], roles: [] };

/** The settings of an AWS client that talks to a local AWS as its owner does. */
export interface LocalClient {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * What clients of the local AWS of the tests need; it must run. Its secret is in a file that only its owner can read.
 *
 * @param cache the cache folder of the command line
 */
export function localClient(cache: string = e2eEnv().PMCP_DEPLOY_CACHE!): LocalClient {
  const { port, secret } = JSON.parse(readFileSync(join(cache, 'local-aws', 'state.json'), 'utf-8')) as { port: number; secret: string };
  const credentials = { accessKeyId: '000000000000', secretAccessKey: secret };
  return { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials };
}

/** What there is in the local AWS, the CDK's own bootstrap left out. */
export async function inventory(config: LocalClient = localClient()): Promise<Names> {
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
