import { authErrors, authWarnings } from './auth';
import { IGNORED_KEYS } from './ignored-keys';
import { UNKNOWN_REGION } from './partial-validation';
import { REGIONS } from './regions';
import { FlagError, parseFlags } from '../../rust/options/flags';
import { TARGET_PREFIXES } from '../../rust/options/targets';
import { nearest } from '../diagnostics/did-you-mean';
import { OBJECT_ACTIONS } from '../schema/iam-access';
import { bucketDanger, dangers } from './iam-guard/guard';
import { dotted, type Finding, show } from '../diagnostics/issues';
import { isTable, type Path, type Source } from '../diagnostics/source';
import type { Deployment } from '../schema';

/** An HTTP API times out after 30 seconds. The function should answer before that. */
const LONGEST_ANSWER_SECONDS = 29;

/** Contradictions between values that are valid by themselves. */
export function errors(deployment: Deployment, source: Source): Finding[] {
  const at = (path: Path, predicate: string): Finding => {
    const origin = source.origin(path);
    return { path: origin, text: `${dotted(origin)} ${predicate}` };
  };
  const { server, environment, secrets, domain, aws, cors } = deployment;
  const found: Finding[] = iamErrors(deployment, at);
  if (environment.MCP_PATH !== undefined && environment.MCP_PATH !== server.mcp_path) {
    found.push(at(['environment', 'MCP_PATH'], `is ${show(environment.MCP_PATH)}, but server.mcp_path is ${show(server.mcp_path)}; `
      + 'remove it, it is set from mcp_path'));
  }
  if (environment.MCP_AUTH_MODE !== undefined) found.push(at(['environment', 'MCP_AUTH_MODE'], 'is set from [auth]; remove it'));
  if (environment.MCP_ALLOWED_ORIGINS !== undefined && cors) {
    found.push(at(['environment', 'MCP_ALLOWED_ORIGINS'], 'is set from cors.allow_origins; remove it'));
  }
  for (const [name, { delivery }] of Object.entries(secrets)) {
    const variable = delivery === 'arn' ? `${name}_SECRET_ARN` : name;
    if (name in environment) {
      found.push(at(['environment', name], `is also declared in [secrets.${name}]; the value of a secret must not be in this file`));
    } else if (variable in environment) {
      found.push(at(['environment', variable], `is set by [secrets.${name}], whose delivery is "arn"; remove it`));
    } else if (setter(variable, deployment) !== undefined) {
      const other = setter(variable, deployment);
      found.push({ ...at(['secrets', name], `sets ${variable}, which ${other} sets; choose another name`), aboutKey: true });
    }
  }
  if (server.provisioned_concurrency !== undefined && server.provisioned_concurrency > (server.reserved_concurrency ?? Infinity)) {
    found.push(at(['server', 'provisioned_concurrency'], `is ${server.provisioned_concurrency}, more than server.reserved_concurrency, `
      + `which is ${server.reserved_concurrency}`));
  }
  if (domain && aws.region !== UNKNOWN_REGION && domain.certificate_arn.split(':')[3] !== aws.region) {
    found.push(at(['domain', 'certificate_arn'], `must be in the region of the stack, ${aws.region}; received `
      + `${show(domain.certificate_arn)}`));
  }
  return [...found, ...flagErrors(deployment, at), ...authErrors(deployment, source)];
}

/** The key that sets a variable, if no secret may set it. */
function setter(variable: string, { server }: Deployment): string | undefined {
  if (variable === 'RUST_LOG') return server.log_level === undefined ? undefined : 'server.log_level';
  return { MCP_PATH: 'server.mcp_path', MCP_AUTH_MODE: '[auth]', MCP_ALLOWED_ORIGINS: 'cors.allow_origins' }[variable];
}

type At = (path: Path, predicate: string) => Finding;

/** Permissions that would give the server control over the account. */
function iamErrors({ iam: { statements, buckets } }: Deployment, at: At): Finding[] {
  return [
    ...dangers(statements).map(({ statement, action, text }) => at(['iam', 'statements', statement, 'actions', action], text)),
    ...buckets.flatMap(({ name, actions }, index) => {
      const why = actions === 'read' ? undefined : bucketDanger(name, OBJECT_ACTIONS.write);
      return why === undefined ? [] : [at(['iam', 'buckets', index, 'name'], why)];
    }),
  ];
}

/** Flags of cargo that duplicate a key, or that contradict the architecture. */
function flagErrors({ build: { flags }, server: { architecture } }: Deployment, at: At): Finding[] {
  try {
    const { target } = parseFlags('build.flags', flags);
    const wanted = TARGET_PREFIXES[architecture];
    return target === undefined || target.startsWith(wanted) ? [] : [
      at(['build', 'flags'], `ask for the target ${show(target)}, but server.architecture is "${architecture}", whose targets begin `
        + `with "${wanted}"`),
    ];
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    return [at(['build', 'flags', error.index], error.reason)];
  }
}

/** Warnings about a valid deployment. */
export function warnings(deployment: Deployment, source: Source): Finding[] {
  const ofDeployment = [unknownRegion, longTimeout, authWarnings].flatMap((rule) => rule(deployment, source));
  return [...ofDeployment, ...ignoredKeys(source)];
}

function unknownRegion({ aws: { region } }: Deployment, source: Source): Finding[] {
  if (REGIONS.includes(region)) return [];
  const guess = nearest(region, REGIONS);
  const path = source.origin(['aws', 'region']);
  const question = guess === undefined ? '' : `; did you mean "${guess}"?`;
  return [{ path, text: `${dotted(path)} is ${show(region)}, an unknown region${question}` }];
}

function longTimeout({ server }: Deployment, source: Source): Finding[] {
  if (server.timeout_seconds <= LONGEST_ANSWER_SECONDS) return [];
  const path = source.origin(['server', 'timeout_seconds']);
  return [{
    path,
    text: `${dotted(path)} is ${server.timeout_seconds}, but the HTTP API times out after 30 seconds: the client gets an error, while `
      + 'the function '
      + `continues and is billed; set at most ${LONGEST_ANSWER_SECONDS}, so that the function answers first`,
  }];
}

function ignoredKeys(source: Source): Finding[] {
  return IGNORED_KEYS.flatMap(({ path, why, unless }) => {
    const value = valueAt(source.table, path);
    if (value === undefined || unless?.(value, source.table)) return [];
    const origin = source.origin(path);
    return [{ path: origin, text: `${dotted(origin)} ${why}`, aboutKey: true }];
  });
}

function valueAt(table: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => isTable(value) ? value[key] : undefined, table);
}
