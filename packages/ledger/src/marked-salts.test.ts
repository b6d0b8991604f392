import { expect, test } from 'vitest';
import { generateSignerKey, parseSignerKey, type NoteSigner } from '@countersign/tlog';
import { MarkedSalts, type MarkedFields } from './marked-salts.ts';
import { draftOf, KEY_SEED, ORIGIN } from './testing/test-log.ts';

const signer = parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', KEY_SEED));
const fields: MarkedFields = {
  ...draftOf(3),
  id: '019aa92b-5b20-7c6e-8d7a-3f6f5f0a9c11',
  producer: 'ca',
};
const content = new TextEncoder().encode('{"actor":{"id":"x","kind":"user"}}');
const salts = new MarkedSalts([signer]);

test('a salt is known again, by another process with the same key too, and by no other key', () => {
  const salt = salts.salt(fields, content);
  expect(salt.length).toBe(16);
  expect(salts.isOurs(salt, fields, content)).toBe(true);
  expect(new MarkedSalts([signer]).isOurs(salt, fields, content)).toBe(true);
  const other = parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', new Uint8Array(32).fill(8)));
  expect(new MarkedSalts([other]).isOurs(salt, fields, content)).toBe(false);
});

test('a salt is of one record: no field, no byte of the content and no bit of the salt can be changed', () => {
  const salt = salts.salt(fields, content);
  const changes: Partial<MarkedFields>[] = [
    { category: 'Certificate' },
    { event: 'AUTH' },
    { id: '019aa92b-5b20-7c6e-8d7a-3f6f5f0a9c12' },
    { level: 'Information' },
    { operation: 'Created' },
    { outcome: 'Success' },
    { producer: 'cb' },
    { retention: 'extended' },
    { seq: 4 },
    { time: '2026-11-22T05:00:00.001Z' },
  ];
  for (const change of changes) {
    expect(salts.isOurs(salt, { ...fields, ...change }, content)).toBe(false);
  }
  for (let bit = 0; bit < content.length * 8; bit += 1) {
    const changed = content.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(salts.isOurs(salt, fields, changed)).toBe(false);
  }
  for (let bit = 0; bit < 128; bit += 1) {
    const changed = salt.slice();
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(salts.isOurs(changed, fields, content)).toBe(false);
  }
});

test('salts of the same record are all different, and contents may be long', () => {
  const long = new Uint8Array(1_000_000).fill(0x61);
  const made = Array.from({ length: 3000 }, () => salts.salt(fields, content));
  expect(new Set(made.map((salt) => Buffer.from(salt).toString('hex'))).size).toBe(3000);
  const salt = salts.salt(fields, long);
  expect(salts.isOurs(salt, fields, long)).toBe(true);
  expect(salts.isOurs(salt, fields, long.subarray(1))).toBe(false);
});

test('needs a key that signs the same text the same way', () => {
  let count = 0;
  const random: NoteSigner = { ...signer, sign: () => Uint8Array.of((count += 1)) };
  expect(() => new MarkedSalts([random])).toThrow(TypeError);
  expect(
    new MarkedSalts([random, signer]).isOurs(salts.salt(fields, content), fields, content),
  ).toBe(true);
});
