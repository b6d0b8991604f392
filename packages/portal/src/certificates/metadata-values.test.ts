import { expect, test } from 'vitest';
import type { MetadataField } from '../api/certificates.ts';
import { defaultsOf, filledIn, metadataChanges, metadataFault } from './metadata-values.ts';

const field: MetadataField = {
  name: 'Cost',
  description: '',
  type: 'string',
  hint: '',
  validation: null,
  message: null,
  options: [],
  defaultValue: null,
  enrollment: 'optional',
  inUse: 0,
};

test('a value is checked by kind, by pattern and by whether it must be there', () => {
  expect(metadataFault(field, '')).toBeNull();
  expect(metadataFault({ ...field, enrollment: 'required' }, '')).toBe('This has to be filled in.');
  expect(metadataFault({ ...field, type: 'integer' }, 'x')).toBe('Expected a whole number.');
  expect(metadataFault({ ...field, type: 'integer' }, '-12')).toBeNull();
  const pattern = { ...field, validation: '^K\\d+$', message: 'A cost centre: K and digits.' };
  expect(metadataFault(pattern, 'K12')).toBeNull();
  expect(metadataFault(pattern, '12')).toBe('A cost centre: K and digits.');
  expect(metadataFault({ ...field, validation: '(' }, 'anything')).toBeNull();
});

test('only what changes is sent, and what is emptied is taken away', () => {
  expect(metadataChanges({ a: '1', b: '2' }, { a: '1', b: '', c: '3' })).toEqual({
    b: null,
    c: '3',
  });
  expect(filledIn({ a: '', b: '0' })).toEqual({ b: '0' });
  expect(
    defaultsOf([
      { ...field, defaultValue: 'x' },
      { ...field, name: 'Other' },
    ]),
  ).toEqual({
    Cost: 'x',
  });
});
