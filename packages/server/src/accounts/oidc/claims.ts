import type { StateReader, StateSchema } from '../../database/schema.ts';

/** What the provider says of somebody: the id token's claims and those of its userinfo endpoint. */
export type Claims = Readonly<Record<string, unknown>>;
type ClaimType = StateSchema['role_claims']['type'];

/** The values that Keyfactor's claim types stand for in a provider's claims. They are compared as they are. */
export const CLAIM_VALUES: Readonly<Record<ClaimType, (claims: Claims) => string[]>> = {
  User: ({ preferred_username, upn }) => [...texts(preferred_username), ...texts(upn)],
  Group: ({ groups }) => texts(groups),
  // A computer is known by its certificate or its account in a directory, never by a provider's sign-in.
  Computer: () => [],
  OAuthRole: ({ roles, realm_access, resource_access }) => [
    ...texts(roles),
    ...nestedRoles(realm_access),
    ...(isObject(resource_access) ? Object.values(resource_access).flatMap(nestedRoles) : []),
  ],
  OAuthSubject: ({ sub }) => texts(sub),
  OAuthClientId: ({ azp, client_id }) => [...texts(azp), ...texts(client_id)],
  OAuthOid: ({ oid }) => texts(oid),
};

/** The roles that somebody has because of what a provider says, by name in order. */
export async function rolesByClaims(
  db: StateReader,
  provider: string,
  claims: Claims,
): Promise<string[]> {
  const rows = await db
    .selectFrom('role_claims')
    .select(['role', 'type', 'value'])
    .where('provider', '=', provider)
    .execute();
  const matching = rows.filter(({ type, value }) => CLAIM_VALUES[type](claims).includes(value));
  return [...new Set(matching.map(({ role }) => role))].sort();
}

/** The string of a claim, or those of a list; anything else says nothing. */
function texts(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string' && one !== '') as string[];
}

function nestedRoles(value: unknown): string[] {
  return isObject(value) ? texts(value['roles']) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
