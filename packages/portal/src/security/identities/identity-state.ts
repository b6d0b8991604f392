import type { Identity } from '../../api/security.ts';

/** Whether somebody can sign in now. */
export type IdentityState =
  | { readonly kind: 'active' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'locked'; readonly until: string };

/** Disabled counts more than locked: unlocking such an account would open nothing. */
export function stateOf(
  { disabled, lockedUntil }: Pick<Identity, 'disabled' | 'lockedUntil'>,
  now: Date,
): IdentityState {
  if (disabled) return { kind: 'disabled' };
  if (lockedUntil !== null && Date.parse(lockedUntil) > now.getTime()) {
    return { kind: 'locked', until: lockedUntil };
  }
  return { kind: 'active' };
}

/** How somebody signs in: "Password, 2 certificates", "Corporate, 1 certificate". */
export function waysIn({
  kind,
  provider,
  certificates,
}: Pick<Identity, 'kind' | 'provider' | 'certificates'>): string {
  const first = kind === 'application' ? 'Key and secret' : (provider ?? 'Password');
  const count = certificates.length;
  if (count === 0) return first;
  return `${first}, ${count} certificate${count === 1 ? '' : 's'}`;
}
