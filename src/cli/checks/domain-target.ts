import { lookup } from 'node:dns/promises';

/** The custom domain name of a server. */
export interface CustomDomain {
  readonly name: string;

  /** The host name of the domain name in API Gateway, which its DNS records must point to. */
  readonly target: string;

  /** If true, the deployment creates the records, in Route 53. */
  readonly managed: boolean;
}

/** Milliseconds in which to retry a domain name that was just created: API Gateway needs a while to answer for it. */
export const NEW_DOMAIN_GRACE_MS = 20_000;

/** Where the DNS resolves a domain name to, seen from this machine. */
export type DomainResolution = 'nowhere' | 'here' | 'elsewhere';

/** Error codes for a name that does not exist, or has no address. With all others, the DNS could not be asked. */
const NOT_KNOWN = new Set(['ENOTFOUND', 'ENODATA']);

/** Resolve a domain name. A proxy in front of the API is "elsewhere", as is a previous server of the name. */
export async function resolveDomain({ name, target }: CustomDomain): Promise<DomainResolution> {
  try {
    const found = await addresses(name);
    const own = new Set(await addresses(target).catch(() => []));
    return found.some((address) => own.has(address)) ? 'here' : 'elsewhere';
  } catch (error) {
    return NOT_KNOWN.has((error as NodeJS.ErrnoException).code ?? '') ? 'nowhere' : 'elsewhere';
  }
}

async function addresses(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** What to do so that a domain name resolves. */
export function dnsAdvice({ name, target, managed }: CustomDomain): string {
  if (managed) {
    return `${name} does not resolve here yet: its records in Route 53 are new, and resolvers cache a missing name for some minutes`;
  }
  return `${name} does not resolve yet, so clients cannot reach it: create a DNS record, ${name} CNAME ${target}`
    + ' (in Route 53, and for the apex of a zone, alias records to it, A and AAAA)';
}
