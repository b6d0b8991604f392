import type { Review, ReviewedIdentity } from '../../api/security.ts';

/** What an auditor should look at, of one identity. */
export type Finding = 'dormant' | 'disabled' | 'no-role';

/** Each finding in words, in the order in which they are told. */
export const FINDING_WORDS: Record<Finding, string> = {
  dormant: 'Not signed in for 90 days',
  disabled: 'Disabled, and still holds roles',
  'no-role': 'Holds no role',
};

/** What stands out of an identity of a report. */
export function findingsOf(
  identity: ReviewedIdentity,
  { dormant }: Pick<Review['report'], 'dormant'>,
): Finding[] {
  const { username, disabled, roles, provider } = identity;
  const findings: Finding[] = [];
  if (dormant.includes(username)) findings.push('dormant');
  if (disabled && roles.length > 0) findings.push('disabled');
  // Whom an identity provider vouches for may bring roles along.
  if (!disabled && roles.length === 0 && provider === null) findings.push('no-role');
  return findings;
}

/** Rights by resource, each with its operations: `certServer.log.configuration`: read, modify. */
export function rightsByResource(
  permissions: readonly string[],
): { readonly resource: string; readonly operations: readonly string[] }[] {
  const byResource = new Map<string, string[]>();
  for (const right of permissions) {
    const colon = right.lastIndexOf(':');
    const resource = right.slice(0, colon);
    const operations = byResource.get(resource);
    if (operations === undefined) byResource.set(resource, [right.slice(colon + 1)]);
    else operations.push(right.slice(colon + 1));
  }
  return [...byResource].map(([resource, operations]) => ({ resource, operations }));
}
