import { parseQuery, resolveQuery, type ResolvedQuery } from '@countersign/records';
import type { Session } from '../../accounts/sessions.ts';
import type { Platform } from '../../platform.ts';

/** How long a search waits for the index to know what was acknowledged before it, in milliseconds. */
const CATCH_UP_MS = 500;

/** Parses a query and puts values for its tokens, %ME% among them. Throws QueryError with the position. */
export function resolveFor(text: string, session: Session, now: Date): ResolvedQuery {
  return resolveQuery(parseQuery(text), { now, me: session.user.username });
}

/**
 * Waits a moment until the index has what the log had when the request came, so that who has just been told that
 * something is recorded finds it. A busy index is not waited for: the answer says how far it is.
 */
export async function fresh({ log, index }: Pick<Platform, 'log' | 'index'>): Promise<void> {
  const size = log.size;
  if (index.indexedSize() >= size) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CATCH_UP_MS);
  });
  // An index that has failed still answers from what it has; health says that it is behind.
  await Promise.race([index.whenIndexed(size).catch(() => undefined), patience]);
  clearTimeout(timer);
}
