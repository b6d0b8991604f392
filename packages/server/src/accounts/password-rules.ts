/** NIST SP 800-63B-4 section 3.1.1: length is what counts; no composition rules. 8 is its floor with further protection. */
export const MIN_PASSWORD_LENGTH = 8;
/** Long enough for any passphrase, short enough that hashing costs nothing more. */
export const MAX_PASSWORD_LENGTH = 256;

/** What is wrong with a new password, in words that never repeat it; null when it may be used. */
export function checkNewPassword(
  password: string,
  minimum = MIN_PASSWORD_LENGTH,
): { expected: string; got: string } | null {
  const { length } = password;
  if (length < minimum || length > MAX_PASSWORD_LENGTH) {
    return {
      expected: `${minimum} to ${MAX_PASSWORD_LENGTH} characters`,
      got: `${length} characters`,
    };
  }
  return null;
}
