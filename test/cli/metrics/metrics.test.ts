import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { createColors } from 'picocolors';
import { searchColdStarts } from '../../../src/cli/metrics/cold-start-search';
import { estimateCost } from '../../../src/cli/metrics/cost';
import { fetchMetricData } from '../../../src/cli/metrics/metric-data';
import { queriesOf, timeWindow } from '../../../src/cli/metrics/queries';
import { renderSummary, sparkline } from '../../../src/cli/metrics/render';
import { summarize } from '../../../src/cli/metrics/summary';
import type { DeployedServer } from '../../../src/cli/stack/deployed-servers';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 22, 12, 0, 30);
const settings = { memoryMb: 512, architecture: 'arm64' };

const SERVER: DeployedServer = {
  prefix: 'weather',
  outputs: new Map([
    ['FunctionName', 'weather-fn'], ['ApiUrl', 'https://abc123.execute-api.us-east-1.amazonaws.com'], ['LogGroupName', 'logs'],
    ['AccessLogGroupName', 'access'], ['MetricsNamespace', 'MCP/weather-1'],
  ]),
};
const OLD: DeployedServer = { prefix: 'old', outputs: new Map([['FunctionName', 'old-fn'], ['LogGroupName', 'logs']]) };

describe('the window', () => {
  test.each([
    [HOUR, 2 * MINUTE], [5 * MINUTE, MINUTE], [DAY, 36 * MINUTE], [16 * DAY, 580 * MINUTE], [64 * DAY, 39 * HOUR], [455 * DAY, 273 * HOUR],
  ])('of %d s is in parts that CloudWatch keeps', (span, period) => {
    const window = timeWindow(span * 1000, NOW);
    expect(window.period).toBe(period);
    expect(window.end % period).toBe(0);
    expect((window.end - window.start) % period).toBe(0);
    expect(window.end * 1000).toBeGreaterThanOrEqual(NOW);
    expect(window.end - window.start).toBeGreaterThanOrEqual(span);
    expect((window.end - window.start) / period).toBeLessThanOrEqual(40);
  });
});

describe('the queries', () => {
  const window = timeWindow(HOUR * 1000, NOW);

  test('are valid together, within the limits of one call', () => {
    const queries = queriesOf([SERVER, OLD], window);
    expect(queries.length).toBeLessThan(500);
    expect(new Set(queries.map(({ Id }) => Id)).size).toBe(queries.length);
    for (const { Id, MetricStat, Expression, Period } of queries) {
      expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
      expect([MetricStat, Expression].filter((each) => each !== undefined)).toHaveLength(1);
      expect((MetricStat?.Period ?? Period!) % 60).toBe(0);
    }
  });

  test('ask for the metrics of this function, API, log groups and namespace', () => {
    const asked = queriesOf([SERVER], window).flatMap(({ MetricStat }) => (MetricStat ? [
      [
        MetricStat.Metric!.Namespace,
        MetricStat.Metric!.MetricName,
        ...MetricStat.Metric!.Dimensions!.map(({ Name, Value }) => `${Name}=${Value}`),
      ].join(' '),
    ] : []));
    expect([...new Set(asked)].sort()).toEqual([
      'AWS/ApiGateway 4xx ApiId=abc123', 'AWS/ApiGateway 5xx ApiId=abc123', 'AWS/ApiGateway Count ApiId=abc123',
      'AWS/ApiGateway Latency ApiId=abc123',
      'AWS/Lambda ConcurrentExecutions FunctionName=weather-fn', 'AWS/Lambda Duration FunctionName=weather-fn',
      'AWS/Lambda Errors FunctionName=weather-fn',
      'AWS/Lambda Invocations FunctionName=weather-fn', 'AWS/Lambda Throttles FunctionName=weather-fn',
      'AWS/Logs IncomingBytes LogGroupName=access', 'AWS/Logs IncomingBytes LogGroupName=logs',
      'MCP/weather-1 InitDuration', 'MCP/weather-1 MaxMemoryUsed',
    ]);
  });

  test('search for the tools', () => {
    expect(queriesOf([SERVER], window).filter(({ Expression }) => Expression)[0]).toEqual({
      Id: 's0_tool_calls',
      Expression: `SEARCH('{"MCP/weather-1","Tool"} MetricName="Requests"', 'Sum', ${window.end - window.start})`,
      Label: "${PROP('Dim.Tool')}",
      Period: window.end - window.start,
    });
  });

  test('security L13: find the API by its id, where its address is closed', () => {
    const closed: DeployedServer = { prefix: 'x', outputs: new Map([['FunctionName', 'f'], ['ApiId', 'abc123']]) };
    expect(queriesOf([closed], window).find(({ Id }) => Id === 's0_requests')?.MetricStat?.Metric?.Dimensions).toEqual([{ Name: 'ApiId', Value: 'abc123' }]);
  });

  test('find the API of a local AWS', () => {
    const apiUrl = 'http://127.0.0.1:4566/_aws/execute-api/abc123';
    const local: DeployedServer = { prefix: 'x', outputs: new Map([['FunctionName', 'f'], ['ApiUrl', apiUrl]]) };
    expect(queriesOf([local], window).find(({ Id }) => Id === 's0_requests')?.MetricStat?.Metric?.Dimensions).toEqual([{ Name: 'ApiId', Value: 'abc123' }]);
  });
});

describe('the answers', () => {
  const client = new CloudWatchClient({ region: 'us-east-1' });
  const aws = mockClient(client);
  const window = { start: 1200, end: 1800, period: 120 };
  beforeEach(() => aws.reset());

  /** Answers in pages, as CloudWatch does: a series may go on in the next one. */
  function answer(...pages: Array<Array<[id: string, values: Record<number, number>, label?: string]>>) {
    aws.on(GetMetricDataCommand).callsFake(({ NextToken }: GetMetricDataCommandInput) => {
      const page = Number(NextToken ?? 0);
      return {
        MetricDataResults: pages[page].map(([Id, values, Label]) => ({
          Id,
          Label: Label ?? Id,
          StatusCode: 'Complete',
          Timestamps: Object.keys(values).map((time) => new Date(Number(time) * 1000)),
          Values: Object.values(values),
        })),
        NextToken: page + 1 < pages.length ? String(page + 1) : undefined,
      };
    });
    return fetchMetricData(client, queriesOf([SERVER], window), window);
  }

  test('are put together from pages, by one kind of call', async () => {
    const data = await answer(
      [
        ['s0_invocations', { 1200: 3, 1320: 4 }],
        ['s0_errors', { 1320: 1 }],
        ['s0_tool_calls', { 1200: 5 }, 'add'],
        ['s0_tool_calls', { 1200: 9 }, 'sub'],
      ],
      [
        ['s0_invocations', { 1680: 5 }],
        ['s0_durationP95', { 1200: 7 }],
        ['s0_durationP95_whole', { 1200: 42 }],
        ['s0_durationSum', { 1200: 600 }],
        ['s0_coldStarts', { 1200: 1, 1320: 3 }],
        ['s0_initAverage', { 1200: 10, 1320: 20 }],
        ['s0_initMaximum', { 1200: 10, 1320: 25 }],
        ['s0_tool_errors', { 1200: 2 }, 'add'],
        ['s0_tool_p95', { 1200: 1.5 }, 'add'],
      ],
    );
    const { measures, tools } = summarize(SERVER, 0, { data, window, settings });
    expect(measures.invocations).toEqual({ total: 12, series: [3, 4, null, null, 5] });
    expect(measures.errors).toEqual({ total: 1, series: [null, 1, null, null, null] });
    expect(measures.durationP95).toEqual({ total: 42, series: [7, null, null, null, null] });
    expect(measures.throttles).toEqual({ total: 0, series: [null, null, null, null, null] });
    expect(measures.latencyP95?.total).toBeNull();
    expect([measures.coldStarts?.total, measures.initAverage?.total, measures.initMaximum?.total]).toEqual([4, 17.5, 25]);
    expect(tools).toEqual([{ name: 'sub', calls: 9, errors: 0, p95Ms: null }, { name: 'add', calls: 5, errors: 2, p95Ms: 1.5 }]);
    const inputs = aws.commandCalls(GetMetricDataCommand).map((call) => call.args[0].input);
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).toMatchObject({ StartTime: new Date(1_200_000), EndTime: new Date(1_800_000), ScanBy: 'TimestampAscending' });
  });

  test('become lines with charts', async () => {
    const { measures, ...rest } = summarize(SERVER, 0, {
      data: await answer([
        ['s0_invocations', { 1200: 1000, 1320: 2000 }], ['s0_errors', { 1320: 3 }], ['s0_durationP50_whole', { 1200: 12_345 }],
      ]),
      window,
      settings,
    });
    const lines = renderSummary({ measures, ...rest }, createColors(false));
    expect(lines).toEqual(expect.arrayContaining([
      expect.stringMatching(/^ {2}Invocations {5}3,000 {26}▅█$/),
      expect.stringMatching(/^ {2}Errors {10}3 \(0\.1 %\) +█$/),
      expect.stringMatching(/^ {2}Duration p50 {4}12\.3 s$/),
      expect.stringMatching(/^ {2}Cost, estimated less than \$0\.01, \$\d+\.\d\d a month at this rate$/),
    ]));
  });

  test('leave out what an older deployment does not have', async () => {
    const coldStarts = { count: 2, averageMs: 9.5, longestMs: 11 };
    const { measures, tools } = summarize(OLD, 0, { data: new Map(), window, settings, coldStarts });
    expect(Object.keys(measures)).not.toContain('requests');
    expect([measures.coldStarts?.total, measures.initAverage?.total, measures.initMaximum?.total]).toEqual([2, 9.5, 11]);
    expect(tools).toEqual([]);
  });
});

test('a chart has gaps where nothing was measured', () => {
  expect(sparkline({ total: 0, series: [0, null, 5, 10] })).toBe('▁ ▅█');
  expect(sparkline({ total: 0, series: [0, 0] })).toBe('▁▁');
  expect(sparkline({ total: 0, series: [null, null] })).toBe('');
});

test('the cost is that of the price lists', () => {
  const usage = { invocations: 1e6, durationMs: 1e6 * 10, requests: 1e6, logBytes: 0, memoryMb: 256, architecture: 'arm64' };
  // $0.20 for the invocations, 2,500 GB seconds, $1.00 for the HTTP API.
  expect(estimateCost(usage)).toBeCloseTo(0.20 + 2500 * 0.0000133334 + 1.00, 6);
  expect(estimateCost({
    ...usage,
    architecture: 'x86_64',
    logBytes: 2 * 1024 ** 3,
  })).toBeCloseTo(0.20 + 2500 * 0.0000166667 + 1.00 + 1.00, 6);
});

describe('cold starts without a metric', () => {
  const client = new CloudWatchLogsClient({ region: 'us-east-1' });
  const aws = mockClient(client);

  beforeEach(() => {
    aws.reset();
    aws.on(StartQueryCommand).resolves({ queryId: 'q' });
  });

  test('are searched for in the logs', async () => {
    aws.on(GetQueryResultsCommand).resolvesOnce({ status: 'Running' }).resolves({
      status: 'Complete',
      results: [[{ field: 'starts', value: '3' }, { field: 'average', value: '10.5' }, { field: 'longest', value: '14' }]],
    });
    expect(
      await searchColdStarts(client, 'logs', { start: 100, end: 200, period: 60 }),
    ).toEqual({ count: 3, averageMs: 10.5, longestMs: 14 });
    expect(aws.commandCalls(StartQueryCommand)[0].args[0].input).toMatchObject({ logGroupName: 'logs', startTime: 100, endTime: 200 });
  });

  test('are none in empty logs, and unknown when the search fails', async () => {
    aws.on(GetQueryResultsCommand).resolvesOnce({ status: 'Complete', results: [] }).resolvesOnce({ status: 'Failed' });
    expect(await searchColdStarts(client, 'logs', { start: 100, end: 200, period: 60 })).toMatchObject({ count: 0 });
    expect(await searchColdStarts(client, 'logs', { start: 100, end: 200, period: 60 })).toBeUndefined();
  });
});
