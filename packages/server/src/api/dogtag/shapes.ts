import type { User } from '../../accounts/accounts.ts';

/** Where Dogtag's clients look for a CA's REST interface, by version. */
export const BASES = { V2: '/ca/v2', Rest: '/ca/rest' } as const;

/** The name by which Dogtag's clients know a user. */
export function nameOf(user: Pick<User, 'alias' | 'username'>): string {
  return user.alias ?? user.username;
}
