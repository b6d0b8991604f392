/** What a message may say of what it is about. Values are strangers' text: they become text, and nothing else. */

/** Every placeholder and what stands in its place. */
export const PLACEHOLDERS = {
  cn: 'the common name; without one the subject',
  dn: 'the subject',
  sans: 'the alternative names',
  serial: "the certificate's serial number, hex",
  thumbprint: "the certificate's SHA-1, hex",
  fingerprint: "the certificate's SHA-256, hex",
  issuer: 'the issuer',
  notBefore: 'from when it is valid',
  notAfter: 'until when it is valid',
  daysLeft: 'how many days are left',
  renewedBy: 'the number of the certificate that replaces it',
  template: 'the template',
  requester: 'who asked for it',
  request: 'the number of the request',
  submittedAt: 'when it was asked for',
  decidedBy: 'who decided',
  comment: 'what was said when it was decided',
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;

/** What stands for the placeholders; what is not known is empty. Metadata are `metadata:<field>`. */
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>> &
  Readonly<Record<`metadata:${string}`, string>>;

const PLACEHOLDER = /\{([A-Za-z]+|metadata:[^{}\p{Cc}]{1,100})\}/gu;
/** Control characters, separators of lines, and what turns text around: none of it survives in a value. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
/** Longest value, in characters. */
const MAX_VALUE = 1_000;

/** The placeholders of a text that nothing stands for. */
export function unknownPlaceholders(text: string): string[] {
  const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
  return names.filter(
    (name) => !name.startsWith('metadata:') && !Object.hasOwn(PLACEHOLDERS, name),
  );
}

/**
 * Puts values in the place of placeholders, once: what a value looks like is never read again. A value is one line of
 * seen characters, whatever it was.
 */
export function fillPlaceholders(text: string, values: PlaceholderValues): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => {
    if (!name.startsWith('metadata:') && !Object.hasOwn(PLACEHOLDERS, name)) return whole;
    const value: unknown = Reflect.get(values, name);
    return typeof value === 'string' ? plainValue(value) : '';
  });
}

/** A value as one short line. */
export function plainValue(value: string): string {
  const line = value.toWellFormed().replaceAll(UNSEEN, ' ').trim();
  return line.length <= MAX_VALUE ? line : `${line.slice(0, MAX_VALUE).toWellFormed()}…`;
}
