import { randomBytes } from 'node:crypto';
import type { TestServer } from '../../testing/harness.ts';

/** A certificate's row, put behind the product's back: nobody has issued it. Returns its number. */
export async function putCertificate(
  system: TestServer,
  values: {
    readonly subject?: string;
    readonly requester?: string;
    readonly template?: string | null;
    readonly notAfter?: string;
    readonly state?: 'active' | 'held' | 'revoked';
  } = {},
): Promise<number> {
  const { subject = 'CN=www.example.com', template = null, state = 'active' } = values;
  const { id } = await system.behind
    .insertInto('certificates')
    .values({
      fingerprint: randomBytes(32).toString('hex'),
      thumbprint: randomBytes(20).toString('hex'),
      serial: randomBytes(8).toString('hex'),
      subject,
      subject_folded: subject.toLowerCase(),
      common_name: subject.replace(/^CN=/, '').toLowerCase(),
      issuer: 'CN=Example CA',
      authority: null,
      not_before: '2026-01-01T00:00:00.000Z',
      not_after: values.notAfter ?? '2027-01-01T00:00:00.000Z',
      key_type: 'EC',
      key_size: 256,
      signature_algorithm: 'ECDSA-SHA256',
      public_key: randomBytes(32).toString('hex'),
      template,
      requester: values.requester ?? 'jdoe',
      request: null,
      origin: 'issued',
      state,
      revoked_at: null,
      revocation_reason: null,
      revocation_comment: null,
      has_private_key: 0,
      owner_role: null,
      renews: null,
      created_at: '2026-01-01T00:00:00.000Z',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A request's row and the row of an authority it is for, likewise. */
export async function putRequest(
  system: TestServer,
  values: {
    readonly subject?: string;
    readonly template?: string;
    readonly state?: 'pending' | 'denied';
    readonly comment?: string | null;
  } = {},
): Promise<number> {
  const { subject = 'CN=www.example.com', template = 'WebServer', state = 'pending' } = values;
  await system.behind
    .insertInto('authorities')
    .values({
      id: 'test',
      name: 'Test CA',
      parent: null,
      subject: 'CN=Test CA',
      certificate: '',
      key_algorithm: 'P-256',
      private_key: null,
      token: null,
      enabled: 1,
      settings: '{}',
      crl_number: 0,
      crl_due_at: null,
      ocsp_signer: null,
      created_at: '2026-01-01T00:00:00.000Z',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { id } = await system.behind
    .insertInto('certificate_requests')
    .values({
      kind: 'csr',
      state,
      template,
      authority: 'test',
      subject,
      details: '{}',
      private_key: null,
      renews: null,
      requester: 'jdoe',
      submitted_at: '2026-11-21T00:00:00.000Z',
      decided_at: null,
      decided_by: state === 'denied' ? 'operator' : null,
      comment: values.comment ?? null,
      certificate: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
