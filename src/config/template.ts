import { deploySchema } from './schema';
import { type Outline, outline } from './schema/outline';
import { stringify } from '../util/smol-toml';

/** Values for a new deploy.toml. */
export interface ScaffoldValues {
  readonly serverName: string;
  readonly region: string;

  /** The only account to deploy to. */
  readonly accountId?: string;

  /** Binary to deploy, if the crate or workspace has several. */
  readonly binary?: string;

  /** Package of the binary, if several have one with this name. */
  readonly package?: string;

  /** Path of Cargo.toml, relative to the root folder. */
  readonly manifestPath?: string;

  /**
   * Delivery of the example secret.
   *
   * @default - the default delivery
   */
  readonly secretDelivery?: 'environment' | 'arn';

  /**
   * Path of the JSON Schema relative to the file, or its URL.
   *
   * @default - no reference to a schema
   */
  readonly schema?: string;
}

/** Keys that a new file sets. All others are comments. */
const SET = [
  'target.type', 'target.version', 'aws.region', 'server.name', 'server.memory_mb', 'server.timeout_seconds', 'server.mcp_path',
  'server.architecture',
  'environment', 'build.manifest_path', 'observability.log_retention_days', 'observability.enable_xray', 'observability.create_dashboard',
  'observability.alarms.error_threshold', 'observability.alarms.latency_threshold_ms', 'api_gateway.rate_limit',
  'api_gateway.burst_limit', 'auth.enabled', 'auth.provider',
];

/** Example name of tables whose names the user chooses. */
const SECRET = 'WEATHER_API_KEY';

const COLUMNS = 120;

/** The text of a new deploy.toml, with a description of each key. */
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
    ...comment('How this MCP server is deployed to AWS Lambda. The file has every key with its meaning. Lines that begin with "#" and '
      + 'no space are examples: remove the "#" to use them. Paths are relative to the parent folder of .pmcp.'),
    ...outline(deploySchema).flatMap(block),
    '',
  ].join('\n');

  function block(entry: Outline): string[] {
    const id = idOf(entry);
    const intro = ['', ...comment(entry.description)];
    if (id === 'servers' || id === 'stages') {
      return [...intro, ...stringify({ [id]: entry.example }).trimEnd().split('\n').map((each) => `#${each}`)];
    }
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

/** Text as lines of a comment. */
function comment(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line.length + word.length + 3 > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}
