import { deploySchema } from './schema';
import { type Outline, outline } from './schema/outline';
import { stringify } from '../util/smol-toml';

/** What is known about a server for which a deploy.toml is written. */
export interface ScaffoldValues {
  readonly serverName: string;
  readonly region: string;

  /** The only account to deploy to. */
  readonly accountId?: string;

  /** Binary to deploy, where the crate or workspace has several. */
  readonly binary?: string;

  /** Package that has the binary, where it matters. */
  readonly package?: string;

  /** Path of Cargo.toml, seen from the root folder. */
  readonly manifestPath?: string;

  /**
   * How the example of a secret is delivered.
   *
   * @default - as a secret for which nothing is said
   */
  readonly secretDelivery?: 'environment' | 'arn';

  /**
   * Where the JSON Schema is, seen from the file, or its URL.
   *
   * @default - no line for editors
   */
  readonly schema?: string;
}

/** The keys that a new file sets; all others are there as comments. */
const SET = [
  'target.type', 'target.version', 'aws.region', 'server.name', 'server.memory_mb', 'server.timeout_seconds', 'server.mcp_path', 'server.architecture',
  'environment', 'build.manifest_path', 'observability.log_retention_days', 'observability.enable_xray', 'observability.create_dashboard',
  'observability.alarms.error_threshold', 'observability.alarms.latency_threshold_ms', 'api_gateway.rate_limit',
  'api_gateway.burst_limit', 'auth.enabled', 'auth.provider',
];

/** The name under which a table of the user's naming is shown. */
const SECRET = 'WEATHER_API_KEY';

const COLUMNS = 120;

/** The text of a new deploy.toml, in which each key is explained. */
export function renderScaffold(values: ScaffoldValues): string {
  const known: Record<string, unknown> = {
    'aws.region': values.region,
    'aws.account_id': values.accountId,
    'server.name': values.serverName,
    'build.binary': values.binary,
    'build.package': values.package,
    'build.manifest_path': values.manifestPath,
  };
  const examples: Record<string, unknown> = { 'secrets.delivery': values.secretDelivery };
  return [
    ...(values.schema === undefined ? [] : [`#:schema ${values.schema}`]),
    ...comment('How this MCP server is deployed to AWS Lambda. Every key that there is stands here with its meaning; the lines that begin '
      + 'with "#" and no space are examples: remove the "#" to use them. Paths start from the folder that .pmcp is in.'),
    ...outline(deploySchema).flatMap(block),
    '',
  ].join('\n');

  function block(entry: Outline): string[] {
    const id = idOf(entry);
    const intro = ['', ...comment(entry.description)];
    if (id === 'servers' || id === 'stages') return [...intro, ...stringify({ [id]: entry.example }).trimEnd().split('\n').map((each) => `#${each}`)];
    const off = isSet(entry) || entry.keys.some(isSet) ? '' : '#';
    const members = entry.kind === 'map' && entry.keys.length === 0
      ? Object.entries(entry.example as object).map(([key, value]) => `${off}${toml(key, value)}`)
      : entry.keys.filter(({ kind, example }) => kind === 'value' && example !== undefined).flatMap(line);
    const heading = members.length === 0 ? [] : [`${off}${header(entry)}`];
    return [...intro, ...heading, ...members, ...entry.keys.filter(({ kind }) => kind !== 'value').flatMap(block)];
  }

  function line(entry: Outline): string[] {
    const pair = toml(entry.path.at(-1)!, known[idOf(entry)] ?? examples[idOf(entry)] ?? entry.example);
    return [...comment(entry.description), isSet(entry) ? pair : `#${pair}`];
  }

  function isSet(entry: Outline): boolean {
    return SET.includes(idOf(entry)) || known[idOf(entry)] !== undefined;
  }
}

function idOf({ path }: Outline): string {
  return path.join('.');
}

function header(entry: Outline): string {
  const name = entry.kind === 'map' && entry.keys.length > 0 ? `${idOf(entry)}.${SECRET}` : idOf(entry);
  return entry.kind === 'tables' ? `[[${name}]]` : `[${name}]`;
}

function toml(key: string, value: unknown): string {
  return stringify({ [key]: value }).trimEnd();
}

/** A text as lines of a comment. */
function comment(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line.length + word.length + 3 > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}
