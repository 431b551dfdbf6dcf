import { withoutUserinfo } from '../../util/text/redact';
import { UserError } from '../../util/user-error';

/** A repository, with the environment in which git can read it. */
export interface GitAccess {
  /**
   * The URL or path, without a user name and password: other users of the machine can see arguments, and a clone stores its URL in a file.
   */
  readonly remote: string;

  /** Environment of git. */
  readonly env: NodeJS.ProcessEnv;

  /** Remove secrets from a text that git has printed. */
  redact(text: string): string;
}

/** A user name without a password can be a token. Git hosts accept tokens in this form. */
const TOKEN = /^[A-Za-z0-9_.~-]{20,}$/;

/**
 * Move the user name and password of an HTTP URL to the environment of git.
 *
 * Git gets the whole environment of the app: it runs no code of the repository, and credential helpers need their variables.
 *
 * @throws UserError if the URL is invalid, since git would print it with its password
 */
export function gitAccess(remote: string, env: NodeJS.ProcessEnv = process.env): GitAccess {
  const [, scheme, authority, rest] = /^(https?:\/\/)([^/?#]*)([^]*)$/i.exec(remote) ?? [];
  if (scheme === undefined) {
    return { remote, env, redact: withoutUserinfo };
  }
  if (!URL.canParse(remote) || /[\s\p{Cc}]/u.test(authority)) {
    throw new UserError('gitRemote is not a URL; in a user name or password, write "/" as %2F, "?" as %3F and "#" as %23');
  }
  const at = authority.lastIndexOf('@');
  if (at === -1) {
    return { remote, env, redact: withoutUserinfo };
  }
  const userinfo = authority.slice(0, at);
  const host = `${scheme}${authority.slice(at + 1)}`;
  const colon = userinfo.indexOf(':');
  const [user, password] = (colon === -1 ? [userinfo] : [userinfo.slice(0, colon), userinfo.slice(colon + 1)]).map(decoded);
  const isSecret = password !== undefined || TOKEN.test(user);
  const basic = Buffer.from(`${user}:${password ?? ''}`).toString('base64');
  const setting: Setting = isSecret
    ? [`http.${host}/.extraHeader`, `Authorization: Basic ${basic}`] : [`credential.${host}.username`, user];
  // Git does not get the original URL, but helpers and hosts may print parts of it.
  const secrets = [userinfo, basic, password === undefined || TOKEN.test(user) ? user : '', password ?? '']
    .filter((secret) => secret.length > 3);
  return {
    remote: host + rest,
    env: withSettings(env, [setting]),
    redact: (text) => secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), withoutUserinfo(text)),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Setting = readonly [name: string, value: string];

/** Add settings of git to an environment, after those that it has (git-config(1), GIT_CONFIG_COUNT). */
function withSettings(env: NodeJS.ProcessEnv, settings: readonly Setting[]): NodeJS.ProcessEnv {
  const before = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  return {
    ...env,
    GIT_CONFIG_COUNT: String(before + settings.length),
    ...Object.fromEntries(settings.flatMap(([name, value], index) => [
      [`GIT_CONFIG_KEY_${before + index}`, name], [`GIT_CONFIG_VALUE_${before + index}`, value],
    ])),
  };
}
