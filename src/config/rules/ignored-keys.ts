import { isTable, type Path } from '../diagnostics/source';

/** A known key without effect. */
interface IgnoredKey {
  readonly path: Path;

  /** Completes the sentence "<key> ...". */
  readonly why: string;

  /** Values that need no warning, because they ask for no effect. */
  readonly unless?: (value: unknown, file: unknown) => boolean;
}

const isOff = (value: unknown) => value === false;
const isPublic = (file: unknown) => !isTable(file) || !isTable(file.auth) || file.auth.enabled !== true;
const unlessListed = (value: unknown, file: unknown) => (Array.isArray(value) && value.length === 0) || isPublic(file);

/** All keys that are accepted without effect. Every other key takes effect. */
export const IGNORED_KEYS: readonly IgnoredKey[] = [
  {
    path: ['composition', 'internal_only'],
    why: 'restricts no access, it is only a tag; [auth] decides who may call the server',
    unless: isOff,
  },
  { path: ['auth', 'dcr', 'public_client_patterns'], why: 'has no effect: every client that registers is public', unless: unlessListed },
  { path: ['auth', 'oidc', 'client_secret'], why: 'is not used: a server needs no secret to check tokens; remove it from the file' },
  { path: ['auth', 'oidc', 'jwks_url'], why: 'is not used: API Gateway reads the keys from the issuer\'s discovery document' },
  {
    path: ['auth', 'oidc', 'provider_type'],
    why: 'has no effect: API Gateway treats all issuers alike',
    unless: (value) => value === 'generic',
  },
];
