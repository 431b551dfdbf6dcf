import { AwsServer } from '../support/aws-server';
import { TestProject } from '../support/project';
import { cli } from '../support/run';

const TOML = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "weather"\n';
const LAMBDA_ID = '8f507cfc-b3b1-4f1b-9f57-2f2bd4f5b5a5';
const OTHER_ID = '00000000-b3b1-4f1b-9f57-2f2bd4f5b5a5';
const GATEWAY_ID = 'Uk2jXg9ZIAMEbLw=';
const NOW = Date.now();

const access = (requestId: string, integrationRequestId: string, path: string) => JSON.stringify({
  requestId,
  integrationRequestId,
  method: 'POST',
  path,
  status: '200',
});

/** Lines of two log groups: of a request and of another one, before and after it. */
const LINES: Record<string, Array<[offset: number, stream: string, message: string]>> = {
  'weather-logs': [
    [-9000, 'a', `START RequestId: ${OTHER_ID} Version: 1`],
    [-8900, 'a', 'of another request'],
    [-8800, 'a', `REPORT RequestId: ${OTHER_ID}\tDuration: 1 ms`],
    [-5000, 'a', `START RequestId: ${LAMBDA_ID} Version: 1`],
    [-4900, 'a', 'of this request'],
    [-4800, 'a', `REPORT RequestId: ${LAMBDA_ID}\tDuration: 3 ms`],
  ],
  'weather-access': [[-8700, 'b', access('other=', OTHER_ID, '/other')], [-4700, 'b', access(GATEWAY_ID, LAMBDA_ID, '/this')]],
};

let searches: string[] = [];

const aws = new AwsServer({
  'CloudFormation.DescribeStacks': () => ({
    Stacks: [{
      StackName: 'weather',
      StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/weather/1',
      StackStatus: 'UPDATE_COMPLETE',
      CreationTime: '2026-01-01T00:00:00Z',
      Tags: [{ Key: 'pmcp-deploy:server', Value: 'weather' }, { Key: 'pmcp-deploy:stage', Value: 'default' }],
      Outputs: Object.entries({
        weatherFunctionName: 'weather-fn',
        weatherLogGroupName: 'weather-logs',
        weatherAccessLogGroupName: 'weather-access',
      })
        .map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    }],
  }),
  'Logs.FilterLogEvents': ({ logGroupName, filterPattern, startTime, endTime, logStreamNames }) => {
    if (filterPattern) searches.push(`${logGroupName} ${filterPattern}`);
    const events = LINES[logGroupName].map(([offset, logStreamName, message]) => ({ timestamp: NOW + offset, logStreamName, message }));
    return {
      events: events.filter(({ timestamp, logStreamName, message }) => timestamp >= startTime && timestamp <= endTime
        && (!logStreamNames || logStreamNames.includes(logStreamName)) && (!filterPattern || message.includes(JSON.parse(filterPattern)))),
    };
  },
});

beforeAll(() => aws.start());
afterAll(() => aws.stop());
beforeEach(() => { searches = []; });

test.each([
  ['the function', LAMBDA_ID], ['the gateway', GATEWAY_ID],
])('aws (d): logs --request-id with the id of %s shows the lines of both', async (_, id) => {
  const project = new TestProject(TOML);
  const credentials = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' };
  const { code, stdout } = await cli(project.root, { ...project.environment(), ...credentials }, 'logs', '--request-id', id, '--json');
  expect(code).toBe(0);
  const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
  expect(lines.map(({ message }) => message)).toEqual(['of this request', 'request took 3 ms', 'POST /this 200']);
  expect(new Set(lines.map(({ requestId }) => requestId))).toEqual(new Set([LAMBDA_ID]));
  expect(lines[2].fields.gatewayRequestId).toBe(GATEWAY_ID);
  expect(new Set(searches).size).toBe(4);
});
