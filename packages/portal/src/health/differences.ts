const WORDS: Readonly<Record<string, string>> = {
  certificate_unrecorded: 'Certificate without a record',
  certificate_missing: 'Certificate is gone',
  certificate_changed: 'Certificate was changed',
  certificate_content: 'Certificate with other bytes',
  crl_unrecorded: 'Revocation list without a record',
  crl_missing: 'Revocation list is gone',
  crl_changed: 'Revocation list was changed',
  revocation_unrecorded: 'Revocation without a record',
  revocation_missing: 'Revocation is gone',
  revocation_changed: 'Revocation was changed',
  record_contradiction: 'Records contradict each other',
};

/** What kind of difference it is, in words; one that is not known here by its own name. */
export function differenceText(kind: string): string {
  return WORDS[kind] ?? kind;
}

/** A message as a sentence, cut around the last place that names the record; where none does, the name follows it. */
export function aroundRecord(
  message: string,
  index: number,
): [before: string, name: string, after: string] {
  const found = [...message.matchAll(new RegExp(`\\brecord ${index}\\b`, 'g'))].at(-1);
  if (found === undefined) return [`${capital(message)}. `, `Record ${index}`, ''];
  const after = `${message.slice(found.index + found[0].length)}.`;
  return found.index === 0
    ? ['', capital(found[0]), after]
    : [capital(message.slice(0, found.index)), found[0], after];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
