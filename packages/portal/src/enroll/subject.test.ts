import { expect, test } from 'vitest';
import { partsOf, subjectOf } from './subject.ts';

test('parts become a name, most specific first, with what means something escaped', () => {
  expect(subjectOf({ C: 'DE', CN: ' www.example.com ', O: '', OU: 'Web' })).toBe(
    'CN=www.example.com,OU=Web,C=DE',
  );
  expect(subjectOf({ O: 'Example, Inc. + "Sons"', CN: '#1' })).toBe(
    String.raw`CN=\#1,O=Example\, Inc. \+ \"Sons\"`,
  );
  expect(subjectOf({})).toBe('');
});

test('a name is read back into the parts it was written from', () => {
  const parts = { CN: '#1', O: 'Example, Inc. + "Sons"', C: 'DE', UID: 'x' };
  expect(partsOf(subjectOf(parts))).toEqual(parts);
  expect(partsOf('')).toEqual({});
  expect(partsOf('CN=a,CN=b')).toBeNull();
  expect(partsOf('CN=a+UID=b')).toBeNull();
});
