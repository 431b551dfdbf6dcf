import { dotted, type Finding, show } from '../diagnostics/issues';
import type { Deployment } from '../schema';
import { newPoolDomain, resourceServer } from './unique-per-server';
import type { Path, Source } from '../diagnostics/source';

/** The servers of a stage. */
export interface StageServers {
  readonly stage: string;
  readonly servers: readonly Deployment[];

  /** The part of the file for each of them. */
  readonly sources: readonly Source[];
}

/** A value that must be unique per stage: its key, its meaning on AWS, the reason, and what to change. */
interface UniqueValue {
  readonly path: Path;
  readonly of: (deployment: Deployment) => string | undefined;
  readonly why: string;
  readonly fix: string;
}

const UNIQUE_VALUES: readonly UniqueValue[] = [
  {
    path: ['auth', 'cognito', 'resource_server_id'],
    of: resourceServer,
    why: 'identifiers are unique in a user pool of Amazon Cognito '
      + '(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html)',
    fix: 'another resource_server_id or user pool',
  },
  {
    path: ['auth', 'cognito', 'domain'],
    of: (deployment) => {
      const domain = newPoolDomain(deployment);
      return domain === undefined ? undefined : `${domain} in ${deployment.aws.region}`;
    },
    why: 'prefixes are unique in a region '
      + '(https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html)',
    fix: 'another domain',
  },
];

/** Values that must be unique per stage but are repeated. */
export function duplicateValuesOfStages(stages: readonly StageServers[]): Finding[] {
  return UNIQUE_VALUES.flatMap(({ path, of, why, fix }) => {
    const users = new Map<string, Array<{ readonly stage: string; readonly place: Path }>>();
    for (const { stage, servers, sources } of stages) {
      servers.forEach((server, index) => {
        const value = of(server);
        if (value !== undefined) users.set(value, [...users.get(value) ?? [], { stage, place: sources[index].origin(path) }]);
      });
    }
    return [...users].flatMap(([value, found]) => {
      const names = [...new Set(found.map(({ stage }) => stage))];
      if (names.length < 2) return [];
      const last = found.at(-1)!;
      return [{
        path: last.place,
        text: `${dotted(last.place)} is ${show(value)} in the stages ${names.slice(0, -1).join(', ')} and ${last.stage}, but ${why}; `
          + `set ${fix} for ${names.length === 2 ? names[1] : `each of ${names.slice(1).join(', ')}`} in [stages.<name>.auth.cognito]`,
      }];
    });
  });
}
