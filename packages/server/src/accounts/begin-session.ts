import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { Platform } from '../platform.ts';
import type { Session } from './sessions.ts';

/**
 * Begins a session for somebody whom the certificate of this connection has identified, so that further connections
 * with the same certificate belong together. AUTH and AUTHZ for it have been recorded by the guard. Returns the cookie.
 */
export async function beginSession(
  platform: Platform,
  { user, credential }: Session,
  c: Context<AppEnv>,
): Promise<string> {
  const { address } = c.get('facts');
  const { result } = await platform.recorder.audited(async (tx) => {
    tx.follows('AUTH');
    return await platform.sessions.create(tx.db, {
      user,
      address,
      method: 'certificate',
      ...(credential === undefined ? {} : { credential }),
    });
  });
  result.begin();
  return c.get('cookie').set(result.id);
}
