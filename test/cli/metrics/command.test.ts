import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { GetMetricDataInput, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { terminalSvg } from './terminal-svg';
import { AwsServer } from '../support/aws-server';
import { TestProject } from '../support/project';
import { cli, type Ran } from '../support/run';

/*
 * The command, from the request that CloudWatch gets to what the terminal shows. The answers have the form that CloudWatch documents; their
 * numbers are made up.
 */

const PICTURE = resolve(__dirname, '../../../docs/images/metrics.svg');
const NOW = Date.UTC(2026, 10, 22, 18, 0, 0);
const TOML = '[target]\ntype = "aws-lambda"\nversion = "1.0.0"\n[aws]\nregion = "eu-west-1"\n[server]\nname = "weather"\n';

const OUTPUTS = {
  weatherApiUrl: 'https://abc123.execute-api.eu-west-1.amazonaws.com',
  weatherFunctionName: 'weather-fn',
  weatherLogGroupName: 'weather-logs',
  weatherAccessLogGroupName: 'weather-access',
  weatherMetricsNamespace: 'MCP/weather-1',
};

let requests: Array<GetMetricDataInput & { StartTime: number; EndTime: number }> = [];

const aws = new AwsServer({
  'CloudFormation.DescribeStacks': () => ({
    Stacks: [{
      StackName: 'weather',
      StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/weather/1',
      StackStatus: 'UPDATE_COMPLETE',
      CreationTime: '2026-01-01T00:00:00Z',
      Tags: [{ Key: 'pmcp-deploy:server', Value: 'weather' }, { Key: 'pmcp-deploy:stage', Value: 'default' }],
      Outputs: Object.entries(OUTPUTS).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    }],
  }),
  'Lambda.GetFunctionConfiguration': () => ({ MemorySize: 512, Architectures: ['arm64'] }),
  'CloudWatch.GetMetricData': (input) => {
    const request = input as typeof requests[number];
    requests.push(request);
    return { MetricDataResults: request.MetricDataQueries!.flatMap((query) => resultsOf(query, request)), Messages: [] };
  },
});

/** A day of a small server: busy in the afternoon, with a deployment at noon that had a mistake. */
function at(metric: string, stat: string, hour: number): number | undefined {
  const busy = Math.max(0.05, Math.sin((hour - 6) / 24 * 2 * Math.PI - 0.6) + 0.55);
  const wobble = 1 + 0.12 * Math.sin(hour * 7.3) + 0.08 * Math.cos(hour * 3.1);
  const calls = Math.round(190 * busy * wobble);
  const bad = hour > 11.8 && hour < 13.1;
  switch (`${metric} ${stat}`) {
    case 'Invocations Sum': case 'Count SampleCount': return calls;
    case 'Errors Sum': case '5xx Sum': return bad ? Math.round(calls * 0.06) : 0;
    case '4xx Sum': return Math.round(calls * 0.02);
    case 'Throttles Sum': return 0;
    case 'Duration p50': return 2.1 * wobble;
    case 'Duration p95': return bad ? 48 : 11 * wobble;
    case 'Duration p99': return bad ? 120 : 24 * wobble;
    case 'Duration Sum': return calls * 3.9;
    case 'ConcurrentExecutions Maximum': return Math.ceil(4 * busy);
    case 'Latency p50': return 9.5 * wobble;
    case 'Latency p95': return bad ? 60 : 21 * wobble;
    case 'Latency p99': return bad ? 140 : 43 * wobble;
    // Nothing is measured where nothing starts.
    case 'InitDuration SampleCount': return bad ? 6 : Math.round(busy * wobble * 1.6) || undefined;
    case 'InitDuration Average': return 12.8;
    case 'InitDuration Maximum': return bad ? 17.9 : 14.2;
    case 'MaxMemoryUsed Maximum': return 27 + Math.round(2 * busy);
    case 'IncomingBytes Sum': return calls * 900;
    default: throw new Error(`unknown metric ${metric} ${stat}`);
  }
}

const TOOLS: Record<string, Record<string, number>> = {
  'Requests Sum': {
    forecast: 4120,
    alerts: 1388,
    stations: 402,
  },
  'Errors Sum': { forecast: 31 },
  'Duration p95': { forecast: 12.4, alerts: 6.1, stations: 3.3 },
};

function resultsOf({ Id, Expression, MetricStat }: MetricDataQuery, { StartTime, EndTime }: { StartTime: number; EndTime: number }) {
  const searched = /MetricName="(\w+)"', '(\w+)'/.exec(Expression ?? '');
  if (searched) {
    return Object.entries(TOOLS[`${searched[1]} ${searched[2]}`]).map(([Label, value]) => ({
      Id,
      Label,
      Timestamps: [StartTime],
      Values: [value],
      StatusCode: 'Complete',
    }));
  }
  const { Metric, Stat = '', Period = 0 } = MetricStat!;
  const times = Array.from({ length: (EndTime - StartTime) / Period }, (_, index) => StartTime + index * Period);
  const points = times.map((time) => [
    time,
    at(Metric!.MetricName!, Stat, time / 3600 % 24),
  ] as const).filter(([, value]) => value !== undefined);
  return [
    {
      Id,
      Label: Metric!.MetricName,
      Timestamps: points.map(([time]) => time),
      Values: points.map(([, value]) => value),
      StatusCode: 'Complete',
    },
  ];
}

beforeAll(() => aws.start());
afterAll(() => aws.stop());
beforeEach(() => {
  requests = [];
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => jest.restoreAllMocks());

async function metrics(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ran> {
  const project = new TestProject(TOML);
  const credentials = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' };
  return cli(project.root, { ...project.environment(), ...credentials, ...env }, 'metrics', ...args);
}

test('CloudWatch is asked once, for exactly this', async () => {
  await metrics({});
  const [{ StartTime, EndTime, ScanBy, MetricDataQueries = [], ...rest }, ...more] = requests;
  expect(more).toEqual([]);
  expect(rest).toEqual({});
  expect([StartTime, EndTime, ScanBy]).toEqual([NOW / 1000 - 3600, NOW / 1000, 'TimestampAscending']);
  expect(MetricDataQueries[0]).toEqual({
    Id: 's0_invocations',
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: 'weather-fn' }],
      },
      Period: 120,
      Stat: 'Sum',
    },
  });
  expect(MetricDataQueries.map(({ Id, Expression, MetricStat }) => (MetricStat
    ? `${Id}: ${MetricStat.Metric!.Namespace} ${MetricStat.Metric!.MetricName} ${MetricStat.Stat} per ${MetricStat.Period}`
    : `${Id}: ${Expression}`))).toMatchSnapshot();
});

test('programs get numbers', async () => {
  const { code, stdout, stderr } = await metrics({}, '--json', '--period', '24h');
  expect([code, stderr]).toEqual([0, '']);
  const { from, to, periodSeconds, servers: [{ server, measures, tools, cost }] } = JSON.parse(stdout);
  expect([server, from, to, periodSeconds]).toEqual(['weather', '2026-11-21T18:00:00.000Z', '2026-11-22T18:00:00.000Z', 2160]);
  expect(measures.invocations.series).toHaveLength(40);
  expect(measures.invocations.total).toBe(measures.invocations.series.reduce((sum: number, value: number) => sum + value, 0));
  expect(measures.errors.total).toBeGreaterThan(0);
  expect(tools).toEqual([
    {
      name: 'forecast',
      calls: 4120,
      errors: 31,
      p95Ms: 12.4,
    }, { name: 'alerts', calls: 1388, errors: 0, p95Ms: 6.1 }, { name: 'stations', calls: 402, errors: 0, p95Ms: 3.3 },
  ]);
  expect(cost.usdPerMonth).toBeCloseTo(cost.usd * 30);
});

test.each([
  ['14d', false], ['15d', true], ['30d', true],
])('aws C9: --period %s says that tools may be missing: %s', async (period, says) => {
  const { code, stderr } = await metrics({}, '--json', '--period', period);
  expect(code).toBe(0);
  expect(stderr.includes('without tools that were not called in the last two weeks')).toBe(says);
});

test('the picture in the README is what a terminal shows (PMCP_DEPLOY_UPDATE_PICTURES=1 makes it anew)', async () => {
  const { code, stdout } = await metrics({ FORCE_COLOR: '1' }, '--period', '24h');
  expect(code).toBe(0);
  const picture = terminalSvg('npx pmcp-deploy metrics --period 24h', stdout);
  if (process.env.PMCP_DEPLOY_UPDATE_PICTURES) {
    mkdirSync(dirname(PICTURE), { recursive: true });
    writeFileSync(PICTURE, picture);
  }
  expect(readFileSync(PICTURE, 'utf-8')).toBe(picture);
});
