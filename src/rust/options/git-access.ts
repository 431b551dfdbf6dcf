import { withoutUserinfo } from '../../util/text/redact';
import { UserError } from '../../util/user-error';

/** A repository, with what git needs to read it. */
export interface Access {
  /**
   * The URL or path, without a user name and password: arguments can be read by all users of a machine, and a clone keeps its URL in a
   * file.
   */
  readonly remote: string;

  /** The environment of git. */
  readonly env: NodeJS.ProcessEnv;

  /** A text of git without anything that is secret. */
  redact(text: string): string;
}

/** A user name alone is a token where it looks like one: hosts take those without a password. */
const TOKEN = /^[A-Za-z0-9_.~-]{20,}$/;

/**
 * Takes the user name and the password out of an http URL, and gives them to git by the environment.
 *
 * Git runs with the whole environment of the app: it runs no code of the repository, and helpers for credentials need theirs.
 *
 * @throws UserError when the URL is none, since git would show all of it
 */
export function accessTo(remote: string, env: NodeJS.ProcessEnv = process.env): Access {
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
  // Git does not get the URL that they are in; helpers and hosts may quote them.
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

/** An environment with settings of git, beside those that are in it. */
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
