import type { HttpBindings } from '@hono/node-server';
import type { Session, SessionFault } from '../accounts/sessions.ts';
import type { TlsSession } from '../tls/tls-sessions.ts';
import type { SessionCookie } from './cookies.ts';
import type { DeclaredRoute } from './route-table.ts';
import type { RequestFacts } from '../recording/facts.ts';

/** What travels with a request. */
export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    facts: RequestFacts;
    /** The declared route the guard has decided on. */
    route: DeclaredRoute;
    /** The session of the cookie; a word when the cookie is none (any more); null without a cookie. */
    session: Session | SessionFault | null;
    /** The TLS session of the connection; null over plain HTTP. */
    tls: TlsSession | null;
    /** The session cookie as this listener sets and reads it. */
    cookie: SessionCookie;
    /** The producer whose bearer token came with the request. */
    producer: string | null;
    /** Records that must be durable before the answer leaves. */
    pending: Promise<unknown>[];
  };
}
