import type { FieldEnrollment, MetadataType } from '../api/certificates.ts';

/** What the kinds of metadata are called. */
export const TYPE_NAMES: Readonly<Record<MetadataType, string>> = {
  string: 'Line of text',
  text: 'Long text',
  integer: 'Whole number',
  date: 'Date',
  boolean: 'Yes or no',
  choice: 'Choice',
  email: 'E-mail address',
};

export const DEMAND_NAMES: Readonly<Record<FieldEnrollment, string>> = {
  optional: 'Optional',
  required: 'Required',
  hidden: 'Not asked for',
};
