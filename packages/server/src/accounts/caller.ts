import type { Context } from 'hono';
import { ServerError } from '../errors.ts';
import type { AppEnv } from '../http/env.ts';
import type { DeclaredRoute } from '../http/route-table.ts';
import type { Platform } from '../platform.ts';
import { authenticateByCertificate, factsOf } from './certificate-sign-in.ts';
import { findByCertificate } from './certificates.ts';
import { authenticateByHeader } from './header-sign-in.ts';
import type { Session, SessionFault } from './sessions.ts';

/**
 * Finds out who asks, and sets the request's session: by the Authorization header, else by the session cookie, else,
 * where the route needs a right, by the client certificate. What is shown and wrong is refused and recorded; showing
 * nothing is not: the guard decides what that means. Throws `token_invalid`, `secret_invalid`, `certificate_unknown`,
 * `role_conflict`, `access_denied`, `too_many_requests`, `log_unavailable`.
 */
export async function resolveCaller(
  platform: Platform,
  c: Context<AppEnv>,
  route: DeclaredRoute,
): Promise<void> {
  const tls = c.get('tls');
  // What happens in a TLS session is not told before its beginning is in the log.
  if (tls !== null && route.rule.kind !== 'open') await tls.established();
  if (route.rule.kind === 'right' && (await resolveHeader(platform, c))) return;

  const session = await cookieSession(platform, c);
  adopt(c, session);
  if (tls === null || route.rule.kind !== 'right' || isSession(session)) return;
  try {
    const certified = await authenticateByCertificate(platform, tls, c.get('facts'));
    if (certified !== null) adopt(c, certified);
  } catch (error) {
    // Pages lead to the sign-in page: a password may still open what the certificate does not.
    const unknown = error instanceof ServerError && error.code === 'certificate_unknown';
    if (!unknown || route.type !== 'Portal Page') throw error;
  }
}

async function resolveHeader(platform: Platform, c: Context<AppEnv>): Promise<boolean> {
  const header = c.req.header('authorization');
  if (header === undefined) return false;
  adopt(c, await authenticateByHeader(platform, header, c.get('facts')));
  return true;
}

/**
 * A session that was begun with a certificate goes on only over connections that show it again. Another one with the
 * same subject, of another key or another authority, is not it: it must be enrolled for the same user.
 */
async function cookieSession(
  platform: Platform,
  c: Context<AppEnv>,
): Promise<Session | SessionFault | null> {
  const id = c.get('cookie').read(c.req.header('cookie'));
  if (id === null) return null;
  const session = platform.sessions.use(id);
  if (!isSession(session) || session.method !== 'certificate') return session;
  const shown = c.get('tls')?.certificate ?? null;
  if (shown === null || shown.subject !== session.credential) return 'unknown';
  const holder = await findByCertificate(platform.state.db, shown.fingerprint);
  return holder?.id === session.user.id ? session : 'unknown';
}

function adopt(c: Context<AppEnv>, session: Session | SessionFault | null): void {
  c.set('session', session);
  if (!isSession(session) || session.method !== 'certificate') return;
  c.set('facts', factsOf(session.user, c.get('facts')));
}

function isSession(session: Session | SessionFault | null): session is Session {
  return session !== null && typeof session !== 'string';
}
