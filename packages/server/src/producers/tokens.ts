import { hash, randomBytes } from 'node:crypto';

/** Tells a token of ours on sight, for people and for secret scanners. */
const PREFIX = 'csp_';

/** A producer's bearer token: 256 random bits. It is shown once; only its hash is kept. */
export function generateToken(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is stored of a token. It has 256 bits of its own, so a plain hash cannot be guessed backwards. */
export function hashToken(token: string): string {
  return hash('sha256', token);
}
