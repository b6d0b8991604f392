import { expect, test } from 'vitest';
import { jobText, parseJobSearch } from './job-text.ts';

test('a job is called by what it does to what', () => {
  expect(jobText({ kind: 'add', details: { subject: 'CN=a', alias: 'site' } })).toBe('Add CN=a');
  expect(jobText({ kind: 'remove', details: { alias: 'site' } })).toBe('Remove site');
  expect(jobText({ kind: 'inventory', details: {} })).toBe('Inventory');
});

test('an address names a state or none', () => {
  expect(parseJobSearch({ state: 'failed' })).toEqual({ state: 'failed' });
  expect(parseJobSearch({ state: 'lost' })).toEqual({});
});
