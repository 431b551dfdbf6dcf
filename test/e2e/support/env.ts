import { join } from 'node:path';
import { CACHE, TARGET_DIR } from './package';

/**
 * The environment of everything that the end-to-end tests start: tools and the local AWS in this repository's own cache folder, one target folder for
 * all Rust, and nothing of the developer's AWS settings. Users are no CI: in one, projen would install a new project by `npm ci`.
 */
export function e2eEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|npm_|JEST_|CI$)/.test(name));
  return {
    ...Object.fromEntries(own),
    PMCP_DEPLOY_CACHE: join(CACHE, 'pmcp-deploy'),
    CARGO_TARGET_DIR: TARGET_DIR,
    NO_COLOR: '1',
    ...extra,
  };
}
