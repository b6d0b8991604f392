import { createHash } from 'node:crypto';
import { hostList } from '../settings/definitions.ts';
import type { Settings } from '../settings/settings.ts';
import { createOutgoingFetch } from '../tls/outgoing.ts';
import { OutgoingError } from '../tls/outgoing-error.ts';
import type { OutgoingSessions } from '../tls/outgoing-sessions.ts';
import { checkedLookup, hostOf, webhookFault } from './addresses.ts';
import type { PlaceholderValues } from './placeholders.ts';

/** What a webhook is called with, as JSON. */
export interface WebhookCall {
  /** The same at every attempt, also as `Idempotency-Key`: who has it twice can know. */
  readonly id: string;
  readonly kind: string;
  readonly alert: { readonly id: number; readonly name: string };
  readonly subject: string;
  readonly message: string;
  readonly facts: PlaceholderValues;
  readonly queuedAt: string;
}

/** The call came to nothing; the message says why. */
export class WebhookFailed extends Error {
  override readonly name = 'WebhookFailed';
}

const PATIENCE_MS = 15_000;

/** Calls a webhook: one POST, no redirect. Throws {@link WebhookFailed}, `log_unavailable`. */
export async function callWebhook(
  { settings, outgoing }: { settings: Settings; outgoing: OutgoingSessions },
  address: string,
  call: WebhookCall,
): Promise<void> {
  const listed = hostList(settings.get('alerts.webhookHosts'));
  const fault = webhookFault(address, listed);
  if (fault !== null) throw new WebhookFailed(`expected ${fault}, got ${describeWebhook(address)}`);
  const authorities = settings.get('alerts.webhookAuthorities');
  const fetch = createOutgoingFetch(outgoing, {
    purpose: 'webhook',
    ca: authorities === '' ? null : authorities,
    timeoutMs: PATIENCE_MS,
    maxBytes: 65_536,
    plain: (host) => listed.includes(host.toLowerCase()),
    lookup: checkedLookup(listed),
  });
  let status: number;
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'countersign',
        'idempotency-key': call.id,
      },
      body: JSON.stringify(call),
    });
    status = answer.status;
  } catch (error) {
    if (error instanceof OutgoingError) throw new WebhookFailed(error.message, { cause: error });
    throw error;
  }
  if (status < 200 || status > 299)
    throw new WebhookFailed(`${hostOf(new URL(address))}: expected a status of 2xx, got ${status}`);
}

/**
 * A webhook's address in records: whoever knows the whole of it can often call it, so path and query are told by the
 * beginning of their SHA-256, which changes when they do.
 */
export function describeWebhook(address: string): string {
  if (!URL.canParse(address)) return 'something else';
  const { origin, pathname, search } = new URL(address);
  if (pathname === '/' && search === '') return `${origin}/`;
  const digest = createHash('sha256')
    .update(pathname + search)
    .digest('hex')
    .slice(0, 12);
  return `${origin}/… (${digest})`;
}
