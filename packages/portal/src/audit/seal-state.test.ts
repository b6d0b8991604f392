import type { Content } from '@countersign/records';
import { expect, test } from 'vitest';
import type { LogRecord } from '../api/types.ts';
import { sealState } from './seal-state.ts';

const content = { actor: { id: 'a', kind: 'user' }, source: { system: 's' } } as const;

function record(index: number, held: Content | null): LogRecord {
  return {
    index,
    content: held,
    sentence: '',
    leafHash: '',
    envelope: {
      v: 1,
      id: '',
      producer: 'p',
      seq: 1,
      time: '',
      event: 'AUTH',
      category: 'AuthorizationFailure',
      operation: 'Encountered',
      level: 'Warning',
      outcome: 'Failure',
      retention: 'normal',
      digest: '',
    },
  };
}

test('a record beyond the signed tree waits, one within is included', () => {
  expect(sealState(record(5, content), new Map(), 5)).toBe('pending');
  expect(sealState(record(4, content), new Map(), 5)).toBe('included');
  expect(sealState(record(4, content), new Map(), undefined)).toBe('included');
});

test('what this browser verified counts, and a failure counts most', () => {
  expect(sealState(record(4, content), new Map([[4, 'verified']]), 5)).toBe('verified');
  expect(sealState(record(4, null), new Map([[4, 'verified']]), 5)).toBe('erased');
  expect(sealState(record(4, null), new Map([[4, 'failed']]), 5)).toBe('failed');
});
