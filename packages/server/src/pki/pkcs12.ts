import type { X509Certificate } from 'node:crypto';
import { formatPkcs12 as format } from '../ca/pkcs12.ts';
import type { Identity } from './issue.ts';

/** The password has 128 random bits: stretching it adds nothing, importing stays quick. */
const ROUNDS = 10_000;

/** A PKCS#12 file with a key, its certificate and its authority's, for a password that the server has made up. */
export async function formatPkcs12(
  { key, certificate }: Identity,
  authority: X509Certificate,
  options: { readonly name: string; readonly password: string },
): Promise<Uint8Array> {
  return await format({
    key,
    certificate: certificate.raw,
    chain: [authority.raw],
    friendlyName: options.name,
    password: options.password,
    rounds: ROUNDS,
  });
}
