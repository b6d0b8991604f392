import { expect, test } from 'vitest';
import type { Certificate } from '../api/certificates.ts';
import { calledAs, chosenOf, whichOf } from './chosen.ts';

const one = { id: 1, commonName: 'a', subject: 'CN=a', serial: '1' } as Certificate;
const two = { ...one, id: 2, commonName: 'b' };

test('what is chosen goes by name or number, and is told by numbers or by a query', () => {
  expect(calledAs(chosenOf([one]))).toBe('a');
  expect(calledAs(chosenOf([one, two]))).toBe('2 certificates');
  expect(whichOf(chosenOf([one, two]))).toEqual({ ids: [1, 2] });
  const all = { certificates: [one], query: 'State -eq "active"', count: 45_210 };
  expect(calledAs(all)).toBe('45,210 certificates');
  expect(whichOf(all)).toEqual({ query: 'State -eq "active"' });
});
