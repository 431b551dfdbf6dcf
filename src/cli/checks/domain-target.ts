import { lookup } from 'node:dns/promises';

/** A domain name of a server's own. */
export interface CustomDomain {
  readonly name: string;

  /** The host name that API Gateway gave it: what its DNS records are to point to. */
  readonly target: string;

  /** The deployment makes the records, in Route 53. */
  readonly managed: boolean;
}

/** Milliseconds in which a domain name that has just been made is tried again: API Gateway needs a while to answer to it. */
export const NEW_DOMAIN_GRACE_MS = 20_000;

/** Where the DNS, as it is seen from here, leads to by a domain name. */
export type DomainResolution = 'nowhere' | 'here' | 'elsewhere';

/** Codes of a name that the DNS does not know, or has no address of; others say that it could not be asked. */
const NOT_KNOWN = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks the DNS. A proxy in between is elsewhere, as is a server that the name has not been taken from yet. */
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

/** What is to be done so that clients find a domain name. */
export function dnsAdvice({ name, target, managed }: CustomDomain): string {
  if (managed) {
    return `${name} does not resolve here yet: its records in Route 53 are new, and resolvers remember for some minutes that there were none`;
  }
  return `${name} does not resolve yet, so that no client finds it: make a DNS record, ${name} CNAME ${target}`
    + ' (in Route 53, and for the name of a zone itself, an alias record to it, A and AAAA)';
}
