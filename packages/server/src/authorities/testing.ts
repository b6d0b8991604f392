import type { TestServer } from '../testing/harness.ts';
import type { IssueOrder } from './issue.ts';
import { generateKeyPair } from '../ca/key-algorithm.ts';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import { insertCertificate } from '../certificates/insert-certificate.ts';
import { noteOf } from '../recording/testing.ts';
import { addRevocations, releaseCertificates } from './revocations.ts';

/** An authority as the API shows it, as far as tests look. */
export interface Shown {
  readonly id: string;
  readonly name: string;
  readonly pem: string;
  readonly lists: {
    readonly full: { readonly number: number } | null;
    readonly delta: { readonly number: number } | null;
    readonly dueSince: string | null;
  };
  readonly responder: { readonly fingerprint: string; readonly notAfter: string } | null;
}

/** An authority, by id or name. */
export async function showAuthority(
  system: TestServer,
  cookie: string,
  id: string,
): Promise<Shown> {
  const answer = await system.request(`/api/v1/authorities/${encodeURIComponent(id)}`, { cookie });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Shown;
}

/** A certificate by an authority, as enrollment issues it. */
export async function issueForTest(
  system: TestServer,
  authority: string,
  more: Partial<IssueOrder> = {},
): Promise<CertificateFacts> {
  const { authorities, recorder, clock } = system.server.platform;
  const { publicKey } = await generateKeyPair('P-256');
  const { result } = await recorder.audited(async (tx) => {
    const { id } = await authorities.find(tx.db, authority);
    const facts = await authorities.issue(tx, id, {
      subject: 'CN=www.example.com',
      sans: [{ type: 'dns', value: 'www.example.com' }],
      publicKey,
      days: 90,
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['serverAuth'],
      ...more,
    });
    await insertCertificate(tx.db, {
      facts,
      authority: id,
      template: null,
      requester: 'tester',
      request: null,
      origin: 'issued',
      now: clock(),
    });
    tx.record(noteOf('issued'));
    return facts;
  });
  return result;
}

/** Revokes a certificate, for a reason of RFC 5280; null takes it off hold. */
export async function revokeForTest(
  system: TestServer,
  authority: string,
  { serial, notAfter }: Pick<CertificateFacts, 'serial' | 'notAfter'>,
  reason: number | null,
): Promise<void> {
  const { recorder, clock } = system.server.platform;
  await recorder.audited(async (tx) => {
    const now = clock();
    if (reason === null) await releaseCertificates(tx.db, [{ authority, serial }], now);
    else
      await addRevocations(tx.db, [{ authority, serial, reason, revokedAt: now, notAfter }], now);
    tx.record(noteOf('revoked'));
  });
}
