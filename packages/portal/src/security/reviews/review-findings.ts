import type { ReviewedIdentity } from '../../api/security.ts';

/** Who did not sign in for longer than this is pointed out, in days. */
export const DORMANT_DAYS = 90;
const DAY_MS = 86_400_000;

/** What an auditor should look at, of one identity. */
export type Finding = 'dormant' | 'never' | 'disabled' | 'no-role';

/**
 * What stands out of an identity, as the review found it.
 *
 * @param at when the report was made: a signed report says the same for good
 */
export function findingsOf(identity: ReviewedIdentity, at: Date): Finding[] {
  const findings: Finding[] = [];
  if (identity.disabled) {
    if (identity.roles.length > 0) findings.push('disabled');
    return findings;
  }
  if (identity.roles.length === 0 && identity.provider === null) findings.push('no-role');
  if (identity.lastSignIn === null) findings.push('never');
  else if (at.getTime() - Date.parse(identity.lastSignIn) > DORMANT_DAYS * DAY_MS) {
    findings.push('dormant');
  }
  return findings;
}

/** Each finding in words. */
export const FINDING_WORDS: Record<Finding, string> = {
  dormant: `Not signed in for ${DORMANT_DAYS} days`,
  never: 'Never signed in',
  disabled: 'Disabled, and still holds roles',
  'no-role': 'Holds no role',
};
