import type { MetadataField } from '../api/certificates.ts';

/** What is set in a form, by the name of the field; empty for not set. */
export type MetadataDraft = Readonly<Record<string, string>>;

/** What a value has to be like, for whoever fills it in. */
export function hintFor({ type, hint }: Pick<MetadataField, 'type' | 'hint'>): string | undefined {
  if (hint !== '') return hint;
  switch (type) {
    case 'integer':
      return 'A whole number.';
    case 'email':
      return 'An e-mail address.';
    case 'date':
    case 'boolean':
    case 'choice':
    case 'string':
    case 'text':
      return undefined;
  }
}

/** What is wrong with a value as far as the field says; null when nothing is. The server checks it again. */
export function metadataFault(field: MetadataField, value: string): string | null {
  if (value === '') return field.enrollment === 'required' ? 'This has to be filled in.' : null;
  if (field.type === 'integer' && !/^-?\d{1,15}$/.test(value)) return 'Expected a whole number.';
  if (field.validation === null || field.validation === '') return null;
  try {
    if (new RegExp(field.validation, 'u').test(value)) return null;
  } catch {
    return null;
  }
  return field.message ?? `Expected what ${field.validation} matches.`;
}

/** What changes from one set of values to another; null takes a value away. */
export function metadataChanges(
  before: MetadataDraft,
  after: MetadataDraft,
): Record<string, string | null> {
  const changes: Record<string, string | null> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const value = after[name] ?? '';
    if (value !== (before[name] ?? '')) changes[name] = value === '' ? null : value;
  }
  return changes;
}

/** The values to start a form with: the defaults of the fields. */
export function defaultsOf(fields: readonly MetadataField[]): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name, defaultValue }) =>
      defaultValue === null || defaultValue === '' ? [] : [[name, defaultValue]],
    ),
  );
}

/** Only what is filled in. */
export function filledIn(draft: MetadataDraft): Record<string, string> {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== ''));
}
