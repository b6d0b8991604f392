import type { Content } from '@countersign/records';
import { expect, test } from 'vitest';
import { certificateOf } from './certificate-of.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const content = (parts: Partial<Content>) => parts as Content;

test('a record is about the certificate that is its target, else about one beside it', () => {
  const beside = [{ type: 'certificate', id: b }];
  expect(certificateOf(content({ target: { type: 'certificate', id: a }, related: beside }))).toBe(
    a,
  );
  expect(certificateOf(content({ target: { type: 'request', id: '7' }, related: beside }))).toBe(b);
  expect(certificateOf(content({ target: { type: 'certificate', id: '0x1f' } }))).toBeNull();
  expect(certificateOf(null)).toBeNull();
});
