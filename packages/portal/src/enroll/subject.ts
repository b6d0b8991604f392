/** The parts of a subject that a form asks for, most specific first. */
export const SUBJECT_PARTS = ['CN', 'E', 'OU', 'O', 'L', 'ST', 'C'] as const;

export const PART_NAMES: Readonly<Record<string, string>> = {
  CN: 'Common name',
  UID: 'User id',
  E: 'E-mail',
  SERIALNUMBER: 'Serial number',
  GIVENNAME: 'Given name',
  SN: 'Surname',
  T: 'Title',
  OU: 'Organizational unit',
  O: 'Organization',
  STREET: 'Street',
  POSTALCODE: 'Postal code',
  L: 'Locality',
  ST: 'State or province',
  C: 'Country',
  DC: 'Domain component',
};

/** What is filled in, by part. */
export type SubjectDraft = Readonly<Record<string, string>>;

/** Writes the parts as a name, `CN=www.example.com,O=Example,C=DE` (RFC 4514). */
export function subjectOf(draft: SubjectDraft): string {
  const known: readonly string[] = SUBJECT_PARTS;
  const others = Object.keys(draft).filter((part) => !known.includes(part));
  return [...known, ...others]
    .map((part) => [part, (draft[part] ?? '').trim()] as const)
    .filter(([, value]) => value !== '')
    .map(([part, value]) => `${part}=${escapeValue(value)}`)
    .join(',');
}

/** RFC 4514 section 2.4. */
function escapeValue(value: string): string {
  return value
    .replaceAll(/[",+;<>\\]/g, String.raw`\$&`)
    .replace(/^[# ]/, String.raw`\$&`)
    .replace(/ $/, String.raw`\ `);
}

/** Reads a name into its parts; null for one that the form cannot show: a part twice, several in one place. */
export function partsOf(subject: string): Record<string, string> | null {
  const draft: Record<string, string> = {};
  for (const piece of splitName(subject)) {
    const [, part = '', value = ''] = /^\s*([A-Za-z]+)\s*=([\s\S]*)$/.exec(piece) ?? [];
    const name = part.toUpperCase();
    if (name === '' || name in draft || /(?<!\\)\+/.test(value)) return null;
    draft[name] = value
      .trim()
      .replaceAll(/\\([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
      .replaceAll(/\\(.)/g, '$1');
  }
  return draft;
}

function splitName(subject: string): string[] {
  return (subject.match(/(?:\\.|[^,\\])+/g) ?? []).filter((piece) => piece.trim() !== '');
}
