/*
 * Builds run third-party code: build scripts, procedural macros and the scripts of npm packages. They get the environment of the app
 * without its credentials.
 */

/** The variable with the names, separated by commas, of the secret variables that builds get. */
export const PASS_ON = 'PMCP_DEPLOY_PASS_ENV';

/** All variables of AWS except regions and settings. AWS_SDK_* are settings of SDKs, AWS_LC_* settings for the build of aws-lc. */
const AWS = /^AWS_(?!(REGION|DEFAULT_REGION|CA_BUNDLE|EC2_METADATA_DISABLED|SDK_.*|LC_.*)$)/i;

/** Names of variables that can have secret values. */
const SECRET = new RegExp(`(${[
  'TOKEN', 'SECRET', 'PASSWORD', 'PASSWD', 'PASSPHRASE', 'CREDENTIAL', 'JWT', 'AUTH_CONFIG',
  '(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY', '(^|_)PAT', '(^|_)AUTH',
].join('|')})S?(_|$)`, 'i');

/**
 * Variables that builds need, although their names look secret: those of cargo, such as the tokens of private registries, those of sccache,
 * and those that web bundlers publish. Credentials for publishing crates are not among them.
 */
const NEEDED = /^(CARGO_(?!REGISTRY_(TOKEN|SECRET_KEY)$)|SCCACHE_|SSH_AUTH_SOCK$|VITE_|PUBLIC_|NEXT_PUBLIC_|REACT_APP_)/i;

/** Return true if a variable of AWS contains credentials, or says where they are. */
export function isAwsCredential(name: string): boolean {
  return AWS.test(name);
}

/** Return the names of the variables that builds do not get. */
export function withheldNames(env: NodeJS.ProcessEnv): string[] {
  const passedOn = new Set((env[PASS_ON] ?? '').split(',').map((name) => name.trim()));
  const isSecret = (name: string) => isAwsCredential(name) || (SECRET.test(name) && !NEEDED.test(name));
  return Object.keys(env).filter((name) => isSecret(name) && !passedOn.has(name)).sort();
}

/** Return the environment for builds. */
export function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const secret = new Set(withheldNames(env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.has(name)));
}

/** Return a note for a failed build that may have needed a variable that it did not get. */
export function withheldNote(env: NodeJS.ProcessEnv, given: NodeJS.ProcessEnv): string | undefined {
  const names = withheldNames(env).filter((name) => given[name] === undefined);
  if (names.length === 0) {
    return undefined;
  }
  return `builds do not get credentials, here ${names.join(', ')}; ${PASS_ON}=${names[0]} passes one on (see docs/bundling.md)`;
}
