import { CLAIM_TYPES, type ClaimType } from '../../api/security.ts';

const WORDS: Record<ClaimType, string> = {
  User: 'a user, by name',
  Group: 'members of a group',
  Computer: 'a computer, by name',
  OAuthOid: 'a user, by object id (oid)',
  OAuthRole: 'holders of a role (roles)',
  OAuthSubject: 'a user, by subject (sub)',
  OAuthClientId: 'a client, by id (client_id)',
};

/** What a type of claim looks at: "Group: members of a group". */
export function typeWords(type: ClaimType): string {
  return `${type}: ${WORDS[type]}`;
}

/** The types to choose from. */
export const CLAIM_CHOICES = CLAIM_TYPES.map((value) => ({ value, label: typeWords(value) }));

/** The type of that name; the first one for a name that is none. */
export function claimType(name: string): ClaimType {
  return CLAIM_TYPES.find((type) => type === name) ?? CLAIM_TYPES[0];
}
