import { DerError } from '../ca/der.ts';
import {
  isAbout,
  OCSP_ERROR,
  ocspError,
  parseOcspRequest,
  signOcspResponse,
  type OcspQuestion,
  type OcspRequest,
  type OcspStatus,
} from '../ca/ocsp.ts';
import type { StateReader } from '../database/schema.ts';
import type { Authority } from './authority.ts';
import type { Responder } from './signing-keys.ts';

/** A response, and for how long it may be kept; null: not at all. */
export interface OcspAnswered {
  readonly der: Buffer;
  readonly cache: { readonly producedAt: Date; readonly nextUpdate: Date } | null;
  /** Why nothing was signed; null: something was. */
  readonly failure: string | null;
}

/** Answers an OCSP request (RFC 6960) from the state as it is now. */
export async function answerOcsp(
  db: StateReader,
  authority: Authority,
  responder: Responder | null,
  der: Uint8Array,
  now: Date,
): Promise<OcspAnswered> {
  let request: OcspRequest;
  try {
    request = parseOcspRequest(der);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return refused(OCSP_ERROR.malformedRequest, 'malformed requests');
  }
  if (responder === null || Date.parse(responder.certificate.notAfter) <= now.getTime())
    return refused(OCSP_ERROR.tryLater, 'requests without a responder certificate');
  const answers = [];
  for (const question of request.questions)
    answers.push({ certId: question.certId, ...(await statusOf(db, authority, question)) });
  const producedAt = new Date(Math.floor(now.getTime() / 1_000) * 1_000);
  const nextUpdate = new Date(producedAt.getTime() + authority.settings.ocspMinutes * 60_000);
  const { nonce } = request;
  return {
    der: await signOcspResponse({ responder, answers, nonce, producedAt, nextUpdate }),
    // A nonce says that the client wants an answer of its own.
    cache: nonce === null ? { producedAt, nextUpdate } : null,
    failure: null,
  };
}

function refused(code: (typeof OCSP_ERROR)[keyof typeof OCSP_ERROR], why: string): OcspAnswered {
  return { der: ocspError(code), cache: null, failure: why };
}

/** What is known of a certificate; nothing (`unknown`) of those that this authority has not issued. */
async function statusOf(
  db: StateReader,
  authority: Authority,
  question: OcspQuestion,
): Promise<OcspStatus> {
  if (!isAbout(question, authority.certificate)) return { status: 'unknown' };
  const revoked = await db
    .selectFrom('revoked_certificates')
    .select(['revoked_at', 'reason'])
    .where('authority', '=', authority.id)
    .where('serial', '=', question.serial)
    .where('released_at', 'is', null)
    .executeTakeFirst();
  if (revoked !== undefined) {
    const { revoked_at, reason } = revoked;
    return { status: 'revoked', revokedAt: new Date(revoked_at), reason };
  }
  const issued = await db
    .selectFrom('certificates')
    .select('id')
    .where('authority', '=', authority.id)
    .where('serial', '=', question.serial)
    .executeTakeFirst();
  return { status: issued === undefined ? 'unknown' : 'good' };
}
