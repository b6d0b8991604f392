/**
 * Values in a filter (RFC 4515 section 3): `*`, `(`, `)`, `\` and NUL are written as a backslash and the two
 * hexadecimal digits of each byte of their UTF-8. Other control characters must be written so, too: a filter is one
 * line of a configuration.
 */
const SPECIAL = /[*()\\\p{Cc}]/gu;

/** Writes a value so that it stands for itself in a filter. */
export function escapeFilterValue(value: string): string {
  return value.replace(SPECIAL, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `\\${byte.toString(16).padStart(2, '0')}`)
      .join(''),
  );
}

/** The text that escaped bytes stand for; `undefined` when they are no UTF-8. */
export function decodeEscapes(bytes: readonly number[]): string | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}
