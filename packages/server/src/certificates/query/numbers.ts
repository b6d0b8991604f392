/** Serial numbers and fingerprints as people write them. */

const SEPARATORS = /[\s:-]/g;

/** The digits of a fingerprint, or of a part of one, without colons and blanks. */
export function fingerprintDigits(text: string): string {
  return text.replace(SEPARATORS, '');
}

/** The digits of a part of a serial number, without `0x`, colons and blanks. */
export function serialDigits(text: string): string {
  return text.trim().replace(/^0x/, '').replace(SEPARATORS, '');
}

/** A serial number has 20 octets at most (RFC 5280 section 4.1.2.2). */
const MAX_HEX = 40;
const MAX_DECIMAL = 49;

/**
 * Every serial number that a folded text may mean, as they are kept: hex without leading zeros. Digits without
 * separators or letters are read both ways, as `openssl` prints short numbers in decimal and the others in hex.
 */
export function serialsOf(text: string): string[] {
  const written = text.trim();
  const serials = new Set<string>();
  const digits = serialDigits(written);
  if (/^[0-9a-f]+$/.test(digits) && digits.replace(/^0+/, '').length <= MAX_HEX)
    serials.add(digits.replace(/^0+(?=.)/, ''));
  if (/^[0-9]+$/.test(written) && written.length <= MAX_DECIMAL)
    serials.add(BigInt(written).toString(16));
  return [...serials];
}
