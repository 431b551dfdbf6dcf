import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { searchColdStarts } from './cold-start-search';
import { fetchMetricData } from './metric-data';
import { LONGEST_SECONDS, queriesOf, SEARCHED_SECONDS, timeWindow, type TimeWindow } from './queries';
import { renderSummary } from './render';
import { summarize, type ColdStarts, type ServerSummary, type Settings } from './summary';
import { oneLine } from '../../util/text/visible';
import { aws, cloudWatch, cloudWatchLogs, lambda } from '../aws/clients';
import { isTransient } from '../aws/errors';
import type { Project } from '../project/project';
import { chooseServers, type DeployedServer } from '../stack/deployed-servers';
import type { StackState } from '../stack/stack';
import { CliError } from '../util/errors';
import { markLongRunning } from '../util/signals';
import { colour, note, print as printLine, printJson, printJsonLine, redraw } from '../util/terminal';
import { formatSpan, parseDuration } from '../util/time';

/** The options of `metrics`. */
export interface MetricsOptions {
  readonly period: string;
  readonly watch?: boolean | string;
  readonly server?: string;
  readonly json?: boolean;
}

const DEFAULT_WATCH_MS = 30_000;

/** Show the metrics of a deployed stack, once or repeatedly. */
export async function showMetrics(project: Project, stack: StackState, options: MetricsOptions): Promise<void> {
  const span = parseDuration(options.period, '--period');
  if (span < 60_000 || span > LONGEST_SECONDS * 1000) {
    throw new CliError(`--period is ${JSON.stringify(options.period)}: use 1m to 455d, the range of CloudWatch's metrics`);
  }
  if (options.watch) markLongRunning();
  const interval = typeof options.watch === 'string' ? parseDuration(options.watch, '--watch') : DEFAULT_WATCH_MS;
  if (interval < 5000) throw new CliError(`--watch is ${JSON.stringify(options.watch)}: use 5s or more, because each call costs`);
  const servers = chooseServers(stack, options.server);
  const settings = await Promise.all(servers.map((server) => settingsOf(project, server)));
  // A search of the logs is billed by the data that it scans, so it runs once.
  const coldStarts = await Promise.all(servers.map((server) => coldStartsOf(project, server, timeWindow(span, Date.now()))));
  if (span > SEARCHED_SECONDS * 1000 && servers.some(({ outputs }) => outputs.has('MetricsNamespace'))) {
    note('without tools that were not called in the last two weeks: CloudWatch does not list older metrics');
  }
  for (;;) {
    try {
      const window = timeWindow(span, Date.now());
      const data = await readMetrics(project, servers, window);
      const summaries = servers.map((server, index) => (
        summarize(server, index, { data, window, settings: settings[index], coldStarts: coldStarts[index] })
      ));
      print(project, summaries, window, options);
    } catch (error) {
      const { cause } = error as Error;
      if (!options.watch || !isTransient(cause ?? error)) throw error;
      note(`${oneLine((error as Error).message)}; retrying`);
    }
    if (!options.watch) return;
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

async function readMetrics(project: Project, servers: readonly DeployedServer[], window: TimeWindow) {
  const client = await cloudWatch(project);
  return aws(project, 'reading the metrics', () => fetchMetricData(client, queriesOf(servers, window), window));
}

async function settingsOf(project: Project, { outputs }: DeployedServer): Promise<Settings> {
  const client = await lambda(project);
  return aws(project, 'reading the settings of the function', async () => {
    const command = new GetFunctionConfigurationCommand({ FunctionName: outputs.get('FunctionName') });
    const { MemorySize = 128, Architectures } = await client.send(command);
    return { memoryMb: MemorySize, architecture: Architectures?.[0] ?? 'x86_64' };
  });
}

/** Search the logs for cold starts, if the stack has no custom metrics. */
async function coldStartsOf(project: Project, { outputs }: DeployedServer, window: TimeWindow): Promise<ColdStarts | undefined> {
  const logGroup = outputs.get('LogGroupName');
  if (outputs.has('MetricsNamespace') || logGroup === undefined) return undefined;
  const client = await cloudWatchLogs(project);
  return aws(project, 'searching the logs for cold starts', () => searchColdStarts(client, logGroup, window));
}

function print(project: Project, summaries: readonly ServerSummary[], window: TimeWindow, options: MetricsOptions): void {
  const { start, end, period } = window;
  if (options.json) {
    const result = {
      stack: project.stackName,
      stage: project.stage,
      region: project.region,
      from: new Date(start * 1000).toISOString(),
      to: new Date(end * 1000).toISOString(),
      periodSeconds: period,
      servers: summaries,
    };
    (options.watch ? printJsonLine : printJson)(result);
    return;
  }
  const what = `${project.stage}, ${project.region}, last ${formatSpan((end - start) * 1000)}, a bar is ${formatSpan(period * 1000)}`;
  const lines = summaries.flatMap((summary) => [
    `${colour.bold(summary.server)}  ${colour.dim(what)}`,
    ...renderSummary(summary, colour),
    '',
  ]);
  if (options.watch) redraw(lines);
  else printLine(lines.join('\n'));
}
