import { dotted, type Finding, show } from '../diagnostics/issues';
import type { Deployment } from '../schema';
import { newPoolDomain, resourceServer } from './unique-per-server';
import type { Path, Source } from '../diagnostics/source';

/** The servers of a stage. */
export interface StageServers {
  readonly stage: string;
  readonly servers: readonly Deployment[];

  /** What the file says for each of them. */
  readonly sources: readonly Source[];
}

/** What each stage needs for itself, because AWS has room for one of it: a key, what its value stands for on AWS, why, and what to give a stage. */
interface Own {
  readonly path: Path;
  readonly of: (deployment: Deployment) => string | undefined;
  readonly why: string;
  readonly fix: string;
}

const OWN: readonly Own[] = [
  {
    path: ['auth', 'cognito', 'resource_server_id'],
    of: resourceServer,
    why: 'Amazon Cognito takes an identifier once in a user pool (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html)',
    fix: 'a resource_server_id or a user pool',
  },
  {
    path: ['auth', 'cognito', 'domain'],
    of: (deployment) => {
      const domain = newPoolDomain(deployment);
      return domain === undefined ? undefined : `${domain} in ${deployment.aws.region}`;
    },
    why: 'a prefix is taken once in a region (https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html)',
    fix: 'a domain',
  },
];

/** What stages of a file have in common that each must have for itself. */
export function duplicateValuesOfStages(stages: readonly StageServers[]): Finding[] {
  return OWN.flatMap(({ path, of, why, fix }) => {
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
          + `give ${names.length === 2 ? names[1] : `each of ${names.slice(1).join(', ')}`} ${fix} of its own, in [stages.<name>.auth.cognito]`,
      }];
    });
  });
}
