import type { MetadataType } from '@countersign/records';
import { isLine, isRecordable, isText } from '../security/names.ts';
import { matchesPattern } from '../templates/pattern.ts';
import type { MetadataField } from './fields.ts';

/** Longest values, in characters. */
const LONGEST_LINE = 400;
const LONGEST_TEXT = 4_000;

const EMAIL = /^[^\s@<>()[\],;:\\"\p{Cc}]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/u;

/** What a value of each type is, for people. */
const EXPECTED: Readonly<Record<MetadataType, string>> = {
  string: `one line of at most ${LONGEST_LINE} characters`,
  text: `a text of at most ${LONGEST_TEXT} characters`,
  integer: 'a whole number of at most 15 digits, without leading zeros',
  date: 'a date such as 2026-11-22',
  boolean: 'true or false',
  choice: 'one of the options',
  email: 'an e-mail address',
};

/**
 * What a value of a field should have been instead, or null when it is one: it has the field's type, the options have
 * it, the whole of it matches the field's pattern. Throws `pattern_too_slow`.
 */
export function valueFault(field: MetadataField, value: string): string | null {
  if (!isRecordable(value)) return 'nothing that looks like a secret, which records would mask';
  if (!isOfType(field, value)) {
    if (field.type !== 'choice') return EXPECTED[field.type];
    return `one of ${field.options.join(', ')}`;
  }
  if (field.validation === null || matchesPattern(`^(?:${field.validation})$`, value)) return null;
  return field.message ?? `a text that matches ${field.validation}`;
}

function isOfType({ type, options }: MetadataField, value: string): boolean {
  switch (type) {
    case 'string':
      return value.length <= LONGEST_LINE && isLine(value);
    case 'text':
      return value.length <= LONGEST_TEXT && isText(value);
    case 'integer':
      return /^(?:0|-?[1-9]\d{0,14})$/.test(value);
    case 'date':
      return isDay(value);
    case 'boolean':
      return value === 'true' || value === 'false';
    case 'choice':
      return options.includes(value);
    case 'email':
      return value.length <= 254 && EMAIL.test(value);
  }
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const ms = Date.parse(`${value}T00:00:00.000Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(value);
}
