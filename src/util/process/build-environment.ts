/*
 * Builds run code of others: build scripts, procedural macros, the scripts of npm packages. They get the environment of the app without
 * its credentials.
 */

/** The variable with the names, separated by commas, of variables that builds get all the same. */
export const PASS_ON = 'PMCP_DEPLOY_PASS_ENV';

/** Of AWS, only what says where, not who. AWS_SDK_* are settings of SDKs, AWS_LC_* those of a crypto library's build. */
const AWS = /^AWS_(?!(REGION|DEFAULT_REGION|CA_BUNDLE|EC2_METADATA_DISABLED|SDK_.*|LC_.*)$)/i;

/** Names of what is secret. */
const SECRET = new RegExp(`(${[
  'TOKEN', 'SECRET', 'PASSWORD', 'PASSWD', 'PASSPHRASE', 'CREDENTIAL', 'JWT', 'AUTH_CONFIG',
  '(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY', '(^|_)PAT', '(^|_)AUTH',
].join('|')})S?(_|$)`, 'i');

/**
 * Settings of cargo, such as the tokens of private registries, which cargo itself needs to fetch; of sccache; and what bundlers of web
 * pages publish. What is only for publishing a crate is not among them.
 */
const NEEDED = /^(CARGO_(?!REGISTRY_(TOKEN|SECRET_KEY)$)|SCCACHE_|SSH_AUTH_SOCK$|VITE_|PUBLIC_|NEXT_PUBLIC_|REACT_APP_)/i;

/** Whether a variable is for AWS, and has, names or leads to credentials. */
export function isAwsCredential(name: string): boolean {
  return AWS.test(name);
}

/** The names of the variables that builds do not get. */
export function withheld(env: NodeJS.ProcessEnv): string[] {
  const passedOn = new Set((env[PASS_ON] ?? '').split(',').map((name) => name.trim()));
  const isSecret = (name: string) => isAwsCredential(name) || (SECRET.test(name) && !NEEDED.test(name));
  return Object.keys(env).filter((name) => isSecret(name) && !passedOn.has(name)).sort();
}

/** An environment for builds: without credentials. */
export function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const left = new Set(withheld(env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !left.has(name)));
}

/** What to say after a build has failed, when it may have needed a variable that it did not get. */
export function withheldNote(env: NodeJS.ProcessEnv, given: NodeJS.ProcessEnv): string | undefined {
  const names = withheld(env).filter((name) => given[name] === undefined);
  if (names.length === 0) {
    return undefined;
  }
  return `builds do not get credentials, here ${names.join(', ')}; ${PASS_ON}=${names[0]} would pass one on (docs/bundling.md tells more)`;
}
