import type { HttpBindings } from '@hono/node-server';
import type { ObjectRef } from '@countersign/records';
import type { Session, SessionFault } from '../accounts/sessions.ts';
import type { TlsSession } from '../tls/tls-sessions.ts';
import type { SessionCookie } from './cookies.ts';
import type { DeclaredRoute } from './route-table.ts';
import type { RequestFacts } from '../recording/facts.ts';

/**
 * Records the check of a right together with the object it is about. `allowed` false: the right is there, but not for
 * this object; recorded at level Failure, and thrown as `access_denied`.
 */
export type Grant = (object: ObjectRef | null, allowed?: boolean) => Promise<void>;

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
    /**
     * On routes about single objects: the right is held, its record not written yet. The handler calls it with the
     * object, once, before it does anything.
     */
    grant: Grant | null;
    /** Records that must be durable before the answer leaves. */
    pending: Promise<unknown>[];
  };
}
