/** A reason to revoke, RFC 5280 section 5.3.1. */
export interface RevocationReason {
  readonly code: number;
  readonly word: string;
  readonly when: string;
}

/** The reason that can be taken back. */
export const HOLD = 6;

export const REVOCATION_REASONS: readonly RevocationReason[] = [
  { code: 0, word: 'Unspecified', when: 'None of the others, or it is not to be told.' },
  { code: 1, word: 'Key compromise', when: 'Somebody else has, or may have, the private key.' },
  { code: 3, word: 'Affiliation changed', when: 'The names in it are not right any more.' },
  { code: 4, word: 'Superseded', when: 'Another certificate has taken its place.' },
  { code: 5, word: 'Cessation of operation', when: 'What it was for is not used any more.' },
  { code: HOLD, word: 'On hold', when: 'For now: it can be released again.' },
  { code: 9, word: 'Privilege withdrawn', when: 'Its holder may not have it any more.' },
];

const OTHERS: Readonly<Record<number, string>> = {
  2: 'CA compromise',
  8: 'Removed from CRL',
  10: 'AA compromise',
};

/** The name of a reason; its number where it has none. */
export function reasonWord(code: number): string {
  return (
    REVOCATION_REASONS.find((reason) => reason.code === code)?.word ??
    OTHERS[code] ??
    `Reason ${code}`
  );
}
