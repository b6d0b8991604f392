import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatEnvelope, parseEnvelope, sealRecord } from '@countersign/records';
import { OFFSET_SIZE, readOffset, writeOffset } from './offsets.ts';
import { formatSnapshot, parseSnapshot } from './producers.ts';
import { Ids } from './ids.ts';
import { readEnvelope } from './stored.ts';
import { draftOf } from './testing/test-log.ts';

const sealed = sealRecord(draftOf(12), {
  producer: 'ca',
  id: '019a0000-0000-7000-8000-000000000000',
  salt: new Uint8Array(16),
});

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

describe('readEnvelope', () => {
  test('reads what parseEnvelope reads, and refuses what it refuses, at every changed byte', () => {
    const bytes = sealed.envelopeBytes.slice();
    expect(readEnvelope(bytes)).toEqual(sealed.envelope);
    for (let at = 0; at < bytes.length; at += 1) {
      const original = bytes[at] as number;
      for (const value of [original ^ 1, original ^ 0x20, 0x22, 0x30, 0x39, 0x5c, 0xc3, 0]) {
        bytes[at] = value;
        expect(outcome(() => readEnvelope(bytes))).toEqual(outcome(() => parseEnvelope(bytes)));
      }
      bytes[at] = original;
    }
  });

  test('agrees with parseEnvelope on dates of any month', () => {
    const date = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 28, max: 31 }));
    fc.assert(
      fc.property(date, fc.constantFrom('2023', '2024', '1900', '2000'), ([month, day], year) => {
        const time = `${year}-${String(month).padStart(2, '0')}-${day}T23:59:59.999Z`;
        const bytes = Buffer.from(formatEnvelope({ ...sealed.envelope, time }));
        expect(outcome(() => readEnvelope(bytes))).toEqual(outcome(() => parseEnvelope(bytes)));
      }),
    );
  });
});

test('offsets survive being written up to the largest a segment can have', () => {
  const bytes = new Uint8Array(3 * OFFSET_SIZE);
  const end = { entry: 65_536 * 1026, content: 65_536 * (1_048_576 + 20) };
  writeOffset(bytes, OFFSET_SIZE, end);
  expect(readOffset(bytes, OFFSET_SIZE)).toEqual(end);
});

test('a snapshot of producers has one spelling and refuses every changed byte', () => {
  const snapshot = {
    states: new Map([
      ['ra', { lastSeq: 2, lastIndex: 7 }],
      ['ca', { lastSeq: 2 ** 40, lastIndex: 2 ** 41 }],
      ['gone', { lastSeq: 1, lastIndex: 0 }],
    ]),
    table: new Map([
      ['ra', { firstSeq: 1, positions: [0, 65_535] }],
      ['ca', { firstSeq: 2 ** 40, positions: [7] }],
    ]),
  };
  const bytes = formatSnapshot(snapshot);
  expect(parseSnapshot(bytes, 'f')).toEqual(snapshot);
  expect(formatSnapshot(parseSnapshot(bytes, 'f'))).toEqual(bytes);
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    expect(() => parseSnapshot(changed, 'f')).toThrow(
      'f: expected its SHA-256 at its end; without the file',
    );
    expect(() => parseSnapshot(bytes.subarray(0, at), 'f')).toThrow('f: expected its SHA-256');
  }
});

test('ids are UUIDv7 of the time, never of an earlier one than before, and all different', () => {
  const ids = new Ids();
  const time = new Date('2026-11-22T05:00:00.123Z');
  const made = Array.from({ length: 5000 }, () => ids.id(time));
  expect(new Set(made).size).toBe(5000);
  for (const id of made)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const stamp = (id: string) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  expect(stamp(made[0] as string)).toBe(time.getTime());
  expect(stamp(ids.id(new Date(0)))).toBe(time.getTime());
});
