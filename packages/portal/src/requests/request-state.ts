import type { CertificateRequest } from '../api/certificates.ts';

type State = CertificateRequest['state'];

export const REQUEST_STATES: readonly { readonly id: State; readonly title: string }[] = [
  { id: 'pending', title: 'Pending' },
  { id: 'issued', title: 'Issued' },
  { id: 'denied', title: 'Denied' },
];

/** The state of an address; those that wait where it names none. */
export function stateOf(value: unknown): State {
  return REQUEST_STATES.find(({ id }) => id === value)?.id ?? 'pending';
}

export function parseRequestSearch(raw: Record<string, unknown>): { state?: State } {
  const state = stateOf(raw['state']);
  return state === 'pending' ? {} : { state };
}
