import type { KeyObject } from 'node:crypto';
import { signCertificate } from '../../ca/certificate.ts';
import { generateKeyPair } from '../../ca/key-algorithm.ts';
import type { CertificateFacts } from '../../ca/read-certificate.ts';
import { softwareSigner } from '../../ca/signer.ts';

/** A certificate with its key and those above it. */
export interface Issued {
  readonly certificate: CertificateFacts;
  readonly key: KeyObject;
  readonly chain: readonly CertificateFacts[];
}

const VALID = {
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2046-01-01T00:00:00Z'),
} as const;

/** An authority that signs itself. */
export async function testRoot(name = 'Test Root'): Promise<Issued> {
  const { privateKey, publicKey } = await generateKeyPair('P-256');
  const certificate = await signCertificate({
    issuer: { certificate: null, signer: softwareSigner(privateKey) },
    subject: `CN=${name},O=Example`,
    sans: [],
    publicKey,
    ...VALID,
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: [],
    authority: { pathLength: null },
  });
  return { certificate, key: privateKey, chain: [] };
}

/** A certificate below an authority: for a host, or of an authority of its own. */
export async function testCertificate(
  issuer: Issued,
  name: string,
  options: { readonly authority?: boolean; readonly of?: Issued } = {},
): Promise<Issued> {
  const made = options.of === undefined ? await generateKeyPair('P-256') : null;
  const key = options.of?.key ?? made?.privateKey;
  if (key === undefined) throw new Error('bad fixture: no key');
  const signer = softwareSigner(key);
  const certificate = await signCertificate({
    issuer: { certificate: issuer.certificate, signer: softwareSigner(issuer.key) },
    subject: `CN=${name},O=Example`,
    sans: [{ type: 'dns', value: 'www.example.com' }],
    publicKey: signer.publicKey,
    ...VALID,
    keyUsage: options.authority === true ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'],
    extendedKeyUsage: [],
    ...(options.authority === true ? { authority: { pathLength: null } } : {}),
  });
  // Without the root: whoever checks has it already.
  const chain =
    issuer.certificate.subject === issuer.certificate.issuer
      ? []
      : [issuer.certificate, ...issuer.chain];
  return { certificate, key, chain };
}
