import { CliError } from '../../errors.ts';
import type { PkiSession } from '../session.ts';
import type { Certificate, CertificatePage } from './types.ts';

export const CERTIFICATES = '/api/v1/certificates';

/** How a certificate is named on the command line. */
export type CertificateRef =
  | { readonly kind: 'id'; readonly id: number }
  | { readonly kind: 'serial' | 'fingerprint' | 'thumbprint'; readonly hex: string };

export const REFERENCE_HELP = `
A certificate is named by its ID (17), its serial number (0x1f2e3d4c5b6a7988 or 1f:2e:3d:4c:5b:6a:79:88), or its SHA-256
or SHA-1 fingerprint, with or without colons.`;

/** @throws CliError `usage` */
export function parseReference(text: string): CertificateRef {
  if (/^[1-9]\d{0,14}$/.test(text)) return { kind: 'id', id: Number(text) };
  const [, mark = '', digits = ''] = /^(0x)?([0-9a-f]+(?::[0-9a-f]{2})*)$/i.exec(text) ?? [];
  const hex = digits.replaceAll(':', '').toLowerCase();
  if (mark === '' && hex.length === 64) return { kind: 'fingerprint', hex };
  if (mark === '' && hex.length === 40) return { kind: 'thumbprint', hex };
  if (mark !== '' || digits.includes(':')) return { kind: 'serial', hex: withoutZeros(hex) };
  throw new CliError(
    'usage',
    `CERTIFICATE: expected an ID, a serial number (0x… or with colons) or a SHA-256 or SHA-1 fingerprint, got "${text}"`,
  );
}

function withoutZeros(hex: string): string {
  return hex.replace(/^0+(?=.)/, '');
}

const FIELD = { serial: 'SerialNumber', fingerprint: 'Fingerprint', thumbprint: 'Thumbprint' };

/** The number of the certificate that a reference names. @throws CliError `usage`, `record_not_found` */
export async function certificateId(session: PkiSession, text: string): Promise<number> {
  const reference = parseReference(text);
  if (reference.kind === 'id') return reference.id;
  const found = await findByHex(session, reference);
  const [first] = found;
  if (first === undefined)
    throw new CliError('certificate_missing', `there is no certificate "${text}"`);
  if (found.length === 1) return first.id;
  throw new CliError(
    'usage',
    `"${text}" names ${found.length} certificates; name the one you mean by its ID: ${found
      .map(({ id, subject, issuer }) => `${id} (${subject}, issued by ${issuer})`)
      .join('; ')}`,
  );
}

/** The numbers of several, each once, in their order. */
export async function certificateIds(
  session: PkiSession,
  references: readonly string[],
): Promise<number[]> {
  const ids = new Set<number>();
  for (const text of references) ids.add(await certificateId(session, text));
  return [...ids];
}

async function findByHex(
  session: PkiSession,
  { kind, hex }: Exclude<CertificateRef, { kind: 'id' }>,
): Promise<readonly Certificate[]> {
  const { certificates } = await session.json<CertificatePage>('GET', CERTIFICATES, {
    query: {
      query: `${FIELD[kind]} -eq "${kind === 'serial' ? '0x' : ''}${hex}"`,
      includeExpired: 'true',
      includeRevoked: 'true',
      limit: 10,
    },
  });
  return certificates;
}

/** The path of a certificate, or of something of it. */
export function certificatePath(id: number, ...rest: readonly string[]): string {
  return [CERTIFICATES, id, ...rest].join('/');
}
