import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { sessionActor, type RequestFacts } from '../recording/facts.ts';
import { authSucceeded } from '../recording/events.ts';
import { CERTIFICATE_AUTHENTICATOR, certificateUnknown } from '../recording/session-events.ts';
import type { TlsSession } from '../tls/tls-sessions.ts';
import { touchSignIn, userOf, type User } from './accounts.ts';
import { findByCertificate } from './certificates.ts';
import type { Session } from './sessions.ts';
import { refuseWithoutRight } from './sign-in.ts';

/**
 * The session of a TLS connection whose certificate is a user's; null without a certificate. The account is looked up
 * for each request, AUTH is recorded once for each connection. Throws `certificate_unknown` for a certificate that is
 * nobody's (recorded), `role_conflict`, `log_unavailable`, `too_many_requests`.
 */
export async function authenticateByCertificate(
  platform: Platform,
  tls: TlsSession,
  facts: RequestFacts,
): Promise<Session | null> {
  const { certificate } = tls;
  if (certificate === null) return null;
  const { state, recorder, refusals } = platform;
  // The beginning of the TLS session stands before what happens in it.
  await tls.established();
  const account = await findByCertificate(state.db, certificate.fingerprint);
  if (account === null || account.disabled) {
    const why = account === null ? "the certificate is no user's" : 'the account is disabled';
    const draft = (reason: string) => certificateUnknown(certificate.subject, reason, facts);
    refusals.admitSignIn(certificate.subject, facts, draft);
    await recorder.record(draft(why));
    throw new ServerError(
      'certificate_unknown',
      `the client certificate of ${certificate.subject} is not enrolled; the attempt was recorded`,
    );
  }
  await refuseWithoutRight(platform, account, factsOf(account, facts), 'certificate');
  const session: Session = {
    reference: tls.reference,
    user: userOf(account),
    createdAt: platform.clock().getTime(),
    method: 'certificate',
    credential: certificate.subject,
    scopes: null,
  };
  tls.authentication ??= recorder
    .audited(async (tx) => {
      await touchSignIn(tx.db, account.id, platform.clock());
      const told = factsOf(account, facts);
      tx.record(authSucceeded(sessionActor(session), told, CERTIFICATE_AUTHENTICATOR));
    })
    .catch((error: unknown) => {
      tls.authentication = null;
      throw error;
    });
  await tls.authentication;
  return session;
}

/** The facts of a request by certificate: Dogtag's tools know the user by his alias. */
export function factsOf({ alias }: Pick<User, 'alias'>, facts: RequestFacts): RequestFacts {
  return alias === null ? facts : { ...facts, subjectId: alias };
}
