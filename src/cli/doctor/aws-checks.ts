import { type Check, withErrorsAsProblems, type Diagnosis, ok, problem, warning } from './check';
import { bootstrap, bootstrapParameter, environmentOf, isBootstrapped, readBootstrapVersion } from '../deploy/bootstrap';
import { callerAccount } from '../deploy/preflight';
import { requireLocalAws } from '../local/state';
import { stageFlags, type Project } from '../project/project';
import { assertOwned, findStack } from '../stack/stack';

const NETWORK_TIMEOUT_MS = 5000;

/** Checks of what a deployment needs of AWS. Those after "Credentials" need the account. */
export function awsChecks(project: Project): Check[] {
  let account: string | undefined;
  const withAccount = (diagnose: (id: string) => Promise<Diagnosis>) => async () => {
    const id = account;
    return id === undefined ? warning('cannot be checked without credentials') : withErrorsAsProblems(async () => diagnose(id));
  };
  return [
    { title: 'Network', diagnose: async () => (project.local ? ok(project.local.endpoint) : diagnoseNetwork(project)) },
    {
      title: 'Credentials',
      diagnose: async () => withErrorsAsProblems(async () => {
        account = await callerAccount(project);
        return ok(`account ${account}`);
      }),
    },
    { title: 'CDK bootstrap', diagnose: withAccount(async (id) => diagnoseBootstrap(project, id)) },
    { title: 'Stack', diagnose: withAccount(async () => diagnoseStack(project)) },
  ];
}

/** The check of the local AWS. It need not run. */
export function localCheck(): Check {
  return {
    title: 'Local AWS',
    diagnose: async () => {
      try {
        return ok(`running at ${(await requireLocalAws()).endpoint}`);
      } catch {
        return ok('not running (start it with: npx pmcp-deploy local)');
      }
    },
  };
}

/** Check that AWS can be reached. Any HTTP answer is enough. */
async function diagnoseNetwork({ region }: Project): Promise<Diagnosis> {
  const url = `https://sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/`;
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(NETWORK_TIMEOUT_MS) });
    return ok(`${url} answers`);
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    const hint = 'check the network, the proxy (HTTPS_PROXY), and the region in .pmcp/deploy.toml';
    return problem(`${url} cannot be reached: ${cause?.message ?? message}`, hint);
  }
}

async function diagnoseBootstrap(project: Project, account: string): Promise<Diagnosis> {
  const version = await readBootstrapVersion(project);
  if (isBootstrapped(version)) return ok(`version ${version}`);
  const hint = `npx pmcp-deploy bootstrap${stageFlags(project)}`;
  const found = version === undefined
    ? `${environmentOf(project, account)} is not bootstrapped: there is no SSM parameter ${bootstrapParameter(project)}`
    : `version ${version} is too old`;
  // Fixed in a local AWS only. In an account it creates roles and a bucket, and the command "bootstrap" asks before it does.
  return problem(found, hint, project.local ? async () => bootstrap(project, account) : undefined);
}

async function diagnoseStack(project: Project): Promise<Diagnosis> {
  const found = await findStack(project);
  if (!found || found.status === 'REVIEW_IN_PROGRESS') return ok(`${project.stackName} is not deployed yet`);
  assertOwned(found, project);
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(found.status)) return ok(`${found.name} is ${found.status}`);
  return warning(`${found.name} is ${found.status}`, `npx pmcp-deploy status${stageFlags(project)}`);
}
