import type { Envelope } from '@countersign/records';
import { expect, test } from 'vitest';
import { isErasable } from './erasure.ts';

const erasable = (event: string, retention: 'normal' | 'extended') =>
  isErasable({ event, retention } as Envelope);

test('erasing is offered for what the server would erase', () => {
  expect(erasable('AUTH', 'normal')).toBe(true);
  expect(erasable('CERT_REQUEST_PROCESSED', 'extended')).toBe(false);
  expect(erasable('AUDIT_LOG_SEARCH', 'normal')).toBe(false);
  expect(erasable('AUDIT_DATA_ERASED', 'normal')).toBe(false);
});
