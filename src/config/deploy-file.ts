import { errors as errorsOf, warnings as warningsOf } from './checks';
import { ConfigError } from './config-error';
import { findings, type Finding } from './issues';
import { DEFAULT_STAGE, stackName } from './names';
import { nearest } from './nearest';
import { place, type Placed } from './report';
import { type Deployment, deploymentSchema, deploySchema, SERVER_KEYS } from './schema';
import { isTable, Source, type Table } from './source';
import { readToml, serverRoot, type TomlFile } from './toml';

export { ConfigError } from './config-error';
export type { Deployment } from './schema';

/** Which part of a deploy.toml is meant. */
export interface LoadOptions {
  /** Name of the stage; `default` without it. */
  readonly stage?: string;
}

/** A deploy.toml, read and checked, for one stage. */
export interface DeployFile {
  /** Absolute path of the file. */
  readonly path: string;

  /** Absolute path of the server's root folder, which the paths in the file start from. */
  readonly root: string;

  /** The name in `[server]`. */
  readonly serverName: string;

  readonly stage: string;

  /** All stages of the file, `default` first. */
  readonly stages: readonly string[];

  readonly stackName: string;
  readonly region: string;
  readonly account?: string;

  /** What the file says for the stage as a whole. */
  readonly deployment: Deployment;

  /** What it says for each server: one, or the `[[servers]]`. */
  readonly servers: readonly Deployment[];

  /** What a user should know about a file that is valid. */
  readonly warnings: readonly Placed[];
}

/**
 * Reads and checks a deploy.toml.
 *
 * @throws ConfigError with all that is wrong with the file, in all stages
 */
export function loadDeployFile(path: string, options: LoadOptions = {}): DeployFile {
  const file = readToml(path);
  const stage = options.stage ?? DEFAULT_STAGE;
  const whole = new Source(file.table);
  const problems: Finding[] = check(deploySchema, whole).problems;

  const tables = isTable(file.table.stages) ? file.table.stages : {};
  const stages = [DEFAULT_STAGE, ...Object.keys(tables)];
  const sources = new Map(stages.map((name) => [name, ofStage(whole, name, tables[name])]));
  for (const source of sources.values()) {
    problems.push(...servers(source).flatMap((each) => check(deploymentSchema, each).problems));
  }
  if (problems.length > 0) throw invalid(file, problems);
  if (!sources.has(stage)) throw new ConfigError(unknownStage(file, stage, stages));

  const source = sources.get(stage)!;
  const deployment = check(deploymentSchema, source).deployment!;
  const parts = servers(source);
  const deployments = parts.map((part) => check(deploymentSchema, part).deployment!);
  return {
    path: file.path,
    root: serverRoot(file.path),
    serverName: deployment.server.name,
    stage,
    stages,
    stackName: stackName(deployment.server.name, stage),
    region: deployment.aws.region,
    account: deployment.aws.account_id,
    deployment,
    servers: deployments,
    warnings: place(file, deployments.flatMap((each, index) => warningsOf(each, parts[index]))),
  };
}

function check(schema: typeof deploySchema | typeof deploymentSchema, source: Source): { problems: Finding[]; deployment?: Deployment } {
  const result = schema.safeParse(source.table, { reportInput: true });
  if (result.success) return { problems: schema === deploymentSchema ? errorsOf(result.data, source) : [], deployment: result.data };
  return { problems: findings(schema, result.error.issues, (path) => source.origin(path)) };
}

/** The file as it is for a stage: with the stage's table laid over it. */
function ofStage(whole: Source, name: string, table: unknown): Source {
  const base = whole.without('stages');
  return isTable(table) ? base.overlay(table, (path) => ['stages', name, ...path]) : base;
}

/** The file as it is for each server: with the server's `[[servers]]` entry laid over it. */
function servers(source: Source): Source[] {
  const entries = source.table.servers;
  if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isTable)) return [source];
  const base = source.without('servers');
  return entries.map((entry, index) => {
    const keys = Object.entries(entry);
    const own = Object.fromEntries(keys.filter(([key]) => SERVER_KEYS.includes(key)));
    const tables: Table = Object.fromEntries(keys.filter(([key]) => !SERVER_KEYS.includes(key)));
    return base
      .overlay({ server: own }, ([, ...rest]) => source.origin(['servers', index, ...rest]))
      .overlay(tables, (path) => source.origin(['servers', index, ...path]));
  });
}

function invalid(file: TomlFile, problems: readonly Finding[]): ConfigError {
  return new ConfigError(place(file, problems).map(({ message }) => message).join('\n'));
}

function unknownStage(file: TomlFile, stage: string, stages: readonly string[]): string {
  const guess = nearest(stage, stages);
  return `${file.shownPath} has no stage ${JSON.stringify(stage)}; ${guess === undefined ? `it has ${stages.join(', ')}` : `did you mean "${guess}"?`} `
    + `(a table [stages.${stage}] makes a new one)`;
}
