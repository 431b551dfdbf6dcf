import { join } from 'node:path';
import { CACHE, TARGET_DIR } from './package';

/** Cache folder of the command line with its tools, which are installed once for all workers. */
export const TOOLS = join(CACHE, 'pmcp-deploy');

/**
 * Cache folder of the command line for one of Jest's workers. The local AWS keeps its state there, so each worker has a local AWS of its
 * own.
 */
export function workerCache(worker: string | number): string {
  return join(CACHE, `worker-${worker}`);
}

/**
 * Settings for tests of what a server does. They replace the release profile by one that builds in a fraction of the time, and skip the
 * rules that the CDK checks each template against, which takes seven seconds of each synthesis.
 */
const QUICK = {
  CARGO_PROFILE_RELEASE_OPT_LEVEL: '0',
  CARGO_PROFILE_RELEASE_LTO: 'off',
  CARGO_PROFILE_RELEASE_CODEGEN_UNITS: '16',
  CARGO_PROFILE_RELEASE_PANIC: 'unwind',
  CDK_VALIDATION: 'false',
};

/** Add to `e2eEnv` where a test deploys a template for the first time: the CDK checks it against its rules. */
export const VALIDATED = { CDK_VALIDATION: 'true' };

/**
 * The environment of a user: the tools and the local AWS in a cache folder of this repository, one target folder for all builds of the
 * sample server, and none of the developer's AWS settings. CI is left out because projen would install a new project by `npm ci` there.
 */
export function userEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|npm_|JEST_|CI$)/.test(name));
  const { JEST_WORKER_ID: worker } = process.env;
  return {
    ...Object.fromEntries(kept),
    PMCP_DEPLOY_CACHE: worker === undefined ? TOOLS : workerCache(worker),
    CARGO_TARGET_DIR: TARGET_DIR,
    NO_COLOR: '1',
    // npm takes packages from its cache without asking the registry whether they have changed.
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    ...extra,
  };
}

/** The environment of a user, with the settings that make builds and syntheses quick. */
export function e2eEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return userEnv({ ...QUICK, ...extra });
}
