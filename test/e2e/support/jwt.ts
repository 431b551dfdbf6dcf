import { createPrivateKey, createPublicKey, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export type Claims = Record<string, unknown>;

/** A key that signs tokens, under its name in the issuer's key set. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export function newKey(kid: string): SigningKey {
  return { kid, privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
}

export function keyFromPem(kid: string, pem: string): SigningKey {
  return { kid, privateKey: createPrivateKey(pem) };
}

/** The public part, as a key set has it. */
export function publicJwk({ kid, privateKey }: SigningKey): object {
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A correctly signed token (RS256). */
export function sign(key: SigningKey, claims: Claims): string {
  const content = `${encode({ alg: 'RS256', typ: 'JWT', kid: key.kid })}.${encode(claims)}`;
  return `${content}.${createSign('RSA-SHA256').update(content).sign(key.privateKey, 'base64url')}`;
}

/** A token that says that it needs no signature. */
export function unsigned(key: SigningKey, claims: Claims): string {
  return `${encode({ alg: 'none', typ: 'JWT', kid: key.kid })}.${encode(claims)}.`;
}

/** The same token with another signature. */
export function altered(token: string): string {
  const [header, payload, signature] = token.split('.');
  return `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}

export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()) as Claims;
}

export function kidOf(token: string): string {
  return (JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString()) as { kid: string }).kid;
}
