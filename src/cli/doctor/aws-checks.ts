import { type Check, explained, type Finding, ok, problem, warning } from './check';
import { bootstrap, environmentOf, isBootstrapped } from '../deploy/bootstrap';
import { bootstrapParameter, bootstrapVersion, callerAccount } from '../deploy/preflight';
import { requireLocalAws } from '../local/state';
import { stageFlags, type Project } from '../project/project';
import { assertOwned, findStack } from '../stack/stack';

const NETWORK_TIMEOUT_MS = 5000;

/** What a deployment needs of AWS. Without an account, later checks have nothing to look at. */
export function awsChecks(project: Project): Check[] {
  let account: string | undefined;
  const withAccount = (look: (id: string) => Promise<Finding>) => async () => {
    const id = account;
    return id === undefined ? warning('cannot be checked without credentials') : explained(async () => look(id));
  };
  return [
    { title: 'Network', look: async () => (project.local ? ok(project.local.endpoint) : network(project)) },
    {
      title: 'Credentials',
      look: async () => explained(async () => {
        account = await callerAccount(project);
        return ok(`account ${account}`);
      }),
    },
    { title: 'CDK bootstrap', look: withAccount(async (id) => bootstrapped(project, id)) },
    { title: 'Stack', look: withAccount(async () => stack(project)) },
  ];
}

/** The local AWS; it need not run. */
export function localCheck(): Check {
  return {
    title: 'Local AWS',
    look: async () => {
      try {
        return ok(`runs at ${(await requireLocalAws()).endpoint}`);
      } catch {
        return ok('does not run (npx pmcp-deploy local starts it)');
      }
    },
  };
}

/** Whether AWS can be reached: any answer will do. */
async function network({ region }: Project): Promise<Finding> {
  const url = `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(NETWORK_TIMEOUT_MS) });
    return ok(`${url} answers`);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return problem(`${url} cannot be reached: ${cause?.message ?? message}`, 'check the network, the proxy (HTTPS_PROXY), and the region in .pmcp/deploy.toml');
  }
}

async function bootstrapped(project: Project, account: string): Promise<Finding> {
  const version = await bootstrapVersion(project);
  if (isBootstrapped(version)) return ok(`version ${version}`);
  const fix = `npx pmcp-deploy bootstrap${stageFlags(project)}`;
  const found = version === undefined ? `${environmentOf(project, account)} is not bootstrapped: no SSM parameter ${bootstrapParameter(project)}` : `version ${version} is too old`;
  // Mended for a local AWS only: in an account it makes roles and a bucket, which "bootstrap" asks about.
  return problem(found, fix, project.local ? async () => bootstrap(project, account) : undefined);
}

async function stack(project: Project): Promise<Finding> {
  const found = await findStack(project);
  if (!found || found.status === 'REVIEW_IN_PROGRESS') return ok(`${project.stackName} is not deployed yet`);
  assertOwned(found, project);
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(found.status)) return ok(`${found.name} is ${found.status}`);
  return warning(`${found.name} is ${found.status}`, `npx pmcp-deploy status${stageFlags(project)}`);
}
