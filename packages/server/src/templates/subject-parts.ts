import { formatDn, parseDn, type DistinguishedName } from '../ca/names.ts';

/** Parts of a subject by their short names, as templates speak of them; the most specific first. */
export const SUBJECT_PARTS = [
  'CN',
  'UID',
  'E',
  'SERIALNUMBER',
  'GIVENNAME',
  'SN',
  'T',
  'OU',
  'O',
  'STREET',
  'POSTALCODE',
  'L',
  'ST',
  'C',
  'DC',
] as const;
export type SubjectPart = (typeof SUBJECT_PARTS)[number];

/** The values of one part of a name, most specific first. */
export function partValues(name: DistinguishedName, part: string): string[] {
  return [...name]
    .reverse()
    .flat()
    .filter(({ type }) => shortName(type) === part)
    .map(({ value }) => (typeof value === 'string' ? value : ''));
}

/** A name with parts that it lacks put where they belong. Throws `subject_invalid` for values no part can have. */
export function withDefaults(
  name: DistinguishedName,
  defaults: Readonly<Record<string, string>>,
): DistinguishedName {
  // Most specific first here, as the parts stand in their list.
  const relative = [...name].reverse();
  for (const part of SUBJECT_PARTS) {
    const value = defaults[part];
    if (value === undefined || value === '' || partValues(name, part).length > 0) continue;
    const rank = SUBJECT_PARTS.indexOf(part);
    const at = relative.findIndex((attributes) => {
      const first = attributes[0];
      return first !== undefined && rankOf(shortName(first.type)) > rank;
    });
    const type = parseDn(`${part}=xx`)[0]?.[0]?.type ?? '';
    relative.splice(at === -1 ? relative.length : at, 0, [{ type, value }]);
  }
  return relative.reverse();
}

function rankOf(part: string): number {
  return SUBJECT_PARTS.findIndex((known) => known === part);
}

function shortName(type: string): string {
  return formatDn([[{ type, value: 'x' }]]).split('=')[0] ?? type;
}
