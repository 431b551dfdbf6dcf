import { isTable, type Path } from '../diagnostics/source';

/** A key that is known, and has no effect or not yet. */
interface IgnoredKey {
  readonly path: Path;

  /** Completes the sentence "<key> ...". */
  readonly why: string;

  /** Values that ask for no effect anyway, so that there is nothing to say. */
  readonly unless?: (value: unknown, file: unknown) => boolean;
}

const isOff = (value: unknown) => value === false;
const isPublic = (file: unknown) => !isTable(file) || !isTable(file.auth) || file.auth.enabled !== true;
const unlessListed = (value: unknown, file: unknown) => (Array.isArray(value) && value.length === 0) || isPublic(file);

/** The one list of what is accepted without effect. Every key that is not here takes effect. */
export const IGNORED_KEYS: readonly IgnoredKey[] = [
  { path: ['composition', 'internal_only'], why: 'closes nothing on AWS, it is only a tag; [auth] decides who may call the server', unless: isOff },
  { path: ['auth', 'dcr', 'public_client_patterns'], why: 'has no effect: every client that registers is a public one', unless: unlessListed },
  { path: ['auth', 'oidc', 'client_secret'], why: 'is not used: a server needs no secret to check tokens; take it out of the file' },
  { path: ['auth', 'oidc', 'jwks_url'], why: 'is not used: API Gateway finds the keys through the issuer\'s own discovery document' },
  { path: ['auth', 'oidc', 'provider_type'], why: 'has no effect: API Gateway treats all issuers alike', unless: (value) => value === 'generic' },
];
