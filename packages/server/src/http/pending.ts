import type { Context } from 'hono';
import type { AppEnv } from './env.ts';

/** Waits for the request's records; throws `log_unavailable` when one of them could not be taken. */
export async function durable(c: Context<AppEnv>): Promise<void> {
  const pending = c.get('pending');
  if (pending.length > 0) await Promise.all(pending.splice(0));
}

/** Adds a record that must be durable before the answer leaves. */
export function alongside(c: Context<AppEnv>, recorded: Promise<unknown>): void {
  recorded.catch(() => undefined);
  c.get('pending').push(recorded);
}
