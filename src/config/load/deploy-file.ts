import { ConfigError } from './config-error';
import { duplicateServerNames, forEachServer, forStage, stageTables, unknownServers } from './stages';
import { parseToml, readBytes, serverRoot } from './toml';
import { nearest } from '../diagnostics/did-you-mean';
import { findings, type Finding } from '../diagnostics/issues';
import { place, type Placed, report } from '../diagnostics/report';
import { Source, type TomlFile } from '../diagnostics/source';
import { DEFAULT_STAGE, stackName } from '../names';
import { errors as errorsOf, warnings as warningsOf } from '../rules/checks';
import { isConsequenceOf, dropInvalid } from '../rules/partial-validation';
import { reservedTextErrors } from '../rules/reserved-text';
import { audienceWarnings } from '../rules/shared-audience';
import { duplicateValuesOfServers } from '../rules/unique-per-server';
import { duplicateValuesOfStages, type StageServers } from '../rules/unique-per-stage';
import { type Deployment, deploymentSchema, deploySchema, MAX_STAGES } from '../schema';

export { ConfigError } from './config-error';
export type { Deployment } from '../schema';

/** Options of `loadDeployFile`. */
export interface LoadOptions {
  /** Name of the stage. @default 'default' */
  readonly stage?: string;
}

/** A valid deploy.toml, for one stage. */
export interface DeployFile {
  /** Absolute path of the file. */
  readonly path: string;

  /** Absolute path of the server's root folder. Paths in the file are relative to it. */
  readonly root: string;

  /** The name in `[server]`. */
  readonly serverName: string;

  readonly stage: string;

  /** All stages of the file, `default` first. */
  readonly stages: readonly string[];

  readonly stackName: string;
  readonly region: string;
  readonly account?: string;

  /** The configuration of the stage as a whole. */
  readonly deployment: Deployment;

  /** The configuration of each server: of one, or of each of `[[servers]]`. */
  readonly servers: readonly Deployment[];

  /** Warnings about the valid file. */
  readonly warnings: readonly Placed[];
}

/**
 * Read and validate a deploy.toml.
 *
 * @throws ConfigError with all problems of the file, in all stages
 */
export function loadDeployFile(path: string, options: LoadOptions = {}): DeployFile {
  return parseDeployFile(path, readBytes(path), options);
}

/**
 * Validate the bytes of a deploy.toml.
 *
 * @param path the file's path, for messages
 * @throws ConfigError with all problems of the file, in all stages
 */
export function parseDeployFile(path: string, bytes: Uint8Array, options: LoadOptions = {}): DeployFile {
  const file = parseToml(path, bytes);
  const stage = options.stage ?? DEFAULT_STAGE;
  const whole = new Source(file.table);
  const stages = [DEFAULT_STAGE, ...Object.keys(stageTables(whole))];
  const examined = stages.slice(0, MAX_STAGES + 1).map((name) => examine(name, forStage(whole, name)));
  const problems = [
    ...reservedTextErrors(file.table),
    ...check(deploySchema, whole).problems,
    ...unknownServers(whole),
    ...examined.flatMap(({ problems: ofThisStage }) => ofThisStage),
    ...duplicateValuesOfStages(examined),
  ];
  if (problems.length > 0) throw new ConfigError(report(file, problems));
  if (!stages.includes(stage)) throw new ConfigError(unknownStage(file, stage, stages));

  const source = forStage(whole, stage);
  const deployment = check(deploymentSchema, source).deployment!;
  const parts = forEachServer(source);
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
    warnings: place(file, [
      ...deployments.flatMap((each, index) => warningsOf(each, parts[index])), ...audienceWarnings(deployments, parts),
    ]),
  };
}

/** The servers of a stage, if all are valid, and the problems of the file in this stage. */
function examine(stage: string, source: Source): StageServers & { readonly problems: Finding[] } {
  const parts = forEachServer(source);
  const checked = parts.map((part) => check(deploymentSchema, part));
  const deployments = checked.flatMap(({ deployment }) => deployment ?? []);
  const servers = deployments.length === parts.length ? deployments : [];
  return {
    stage,
    servers,
    sources: parts,
    problems: [
      ...duplicateServerNames(source),
      ...checked.flatMap(({ problems }) => problems),
      ...duplicateValuesOfServers(servers, parts),
    ],
  };
}

function check(schema: typeof deploySchema | typeof deploymentSchema, source: Source): { problems: Finding[]; deployment?: Deployment } {
  const result = schema.safeParse(source.table, { reportInput: true });
  if (result.success) return { problems: schema === deploymentSchema ? errorsOf(result.data, source) : [], deployment: result.data };
  const faults = findings(schema, result.error.issues, (path) => source.origin(path));
  return { problems: [...faults, ...schema === deploymentSchema ? errorsInRest(source, faults) : []] };
}

/** Problems in the valid rest of a file, so that all problems are reported at once. */
function errorsInRest(source: Source, faults: readonly Finding[]): Finding[] {
  const rest = dropInvalid(source.table, (table) => deploymentSchema.safeParse(table));
  return rest ? errorsOf(rest, source).filter((finding) => !isConsequenceOf(finding, faults)) : [];
}

function unknownStage(file: TomlFile, stage: string, stages: readonly string[]): string {
  const guess = nearest(stage, stages);
  return `${file.shownPath} has no stage ${JSON.stringify(stage)}; `
    + `${guess === undefined ? `it has ${stages.join(', ')}` : `did you mean "${guess}"?`} `
    + `(the table [stages.${stage}] would add it)`;
}
