import { canonicalize, utf8 } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_CONTENT_BYTES } from './limits.ts';
import { parseContent, parseEnvelope } from './parse.ts';
import { contentDigest, isContentOf, sealRecord } from './seal.ts';
import { completeDraftOf, ID, refusal, SALT, TIME, unlessRefused, WHOLE } from './testing.ts';
import type { CompleteDraft, Content } from './record.ts';

const options = { producer: 'ca1', id: ID, salt: SALT };

/** A string of anything the language can hold, lone surrogates included. */
const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('__proto__', 'constructor', '\u2028\u2029', '\u0000', '\ud800', '"\\\n', 'é́'),
);
const anyValue = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' });
const anyContent = fc.record({
  actor: fc.record({ id: anyString, kind: fc.constant('user' as const) }),
  source: fc.record({ system: fc.constant('s') }),
  target: fc.record({ type: fc.constant('t'), id: anyString, name: anyString }),
  attributes: fc.array(fc.tuple(fc.constantFrom('A', 'B9', 'Ä'), fc.option(anyString))),
  after: fc.dictionary(anyString, anyValue) as fc.Arbitrary<Record<string, JsonValue>>,
}) as fc.Arbitrary<Content>;

describe('sealRecord', () => {
  it('makes canonical envelope and content and binds them', () => {
    const sealed = sealRecord(completeDraftOf(WHOLE), options);
    const digest = createHash('sha256').update(SALT).update(sealed.contentBytes).digest('base64');
    expect(sealed.envelope).toEqual({
      v: 1,
      id: ID,
      producer: 'ca1',
      seq: 1,
      time: TIME,
      event: 'AUTHZ',
      category: 'AuthorizationFailure',
      operation: 'Encountered',
      level: 'Warning',
      outcome: 'Failure',
      retention: 'normal',
      digest,
    });
    expect(sealed.envelopeBytes).toEqual(utf8(canonicalize({ ...sealed.envelope })));
    expect(sealed.contentBytes).toEqual(utf8(canonicalize(WHOLE as unknown as JsonValue)));
    expect(sealed.salt).toEqual(SALT);
    expect(isContentOf(sealed.envelope, sealed.salt, sealed.contentBytes)).toBe(true);
    expect(parseEnvelope(sealed.envelopeBytes)).toEqual(sealed.envelope);
    expect(parseContent(sealed.contentBytes)).toEqual(WHOLE);
  });

  it('keeps records apart that share memory', () => {
    const drafts = Array.from({ length: 500 }, (_, i) =>
      completeDraftOf({ reason: 'x'.repeat(i * 7) }, { seq: i + 1 }),
    );
    const sealed = drafts.map((draft) => sealRecord(draft, options));
    sealed.forEach(({ envelopeBytes, envelope, contentBytes, salt }, i) => {
      expect(parseEnvelope(envelopeBytes)).toEqual(envelope);
      expect(parseContent(contentBytes)).toEqual(drafts[i]?.content);
      expect(isContentOf(envelope, salt, contentBytes)).toBe(true);
    });
  });

  it('survives or refuses any string, and what survives is read back exactly', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const draft = completeDraftOf(content);
        const sealed = unlessRefused(() => sealRecord(draft, options));
        if (sealed === null) return;
        expect(parseEnvelope(sealed.envelopeBytes)).toEqual(sealed.envelope);
        const read = parseContentUnchecked(sealed.contentBytes);
        expect(canonicalize(read)).toBe(canonicalize(draft.content as unknown as JsonValue));
        expect(isContentOf(sealed.envelope, SALT, sealed.contentBytes)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('any flipped bit of salt or content breaks the digest', () => {
    const { envelope, salt, contentBytes } = sealRecord(completeDraftOf(WHOLE), options);
    for (const [bytes, check] of [
      [salt, (b: Uint8Array) => isContentOf(envelope, b, contentBytes)],
      [contentBytes, (b: Uint8Array) => isContentOf(envelope, salt, b)],
    ] as const) {
      for (let i = 0; i < bytes.length; i++) {
        const flipped = bytes.slice();
        flipped[i] = (flipped[i] ?? 0) ^ (1 << (i % 8));
        expect(check(flipped)).toBe(false);
      }
      expect(check(bytes.slice(0, -1))).toBe(false);
    }
  });

  it('a byte moved between salt and content breaks the digest', () => {
    const { envelope, salt, contentBytes } = sealRecord(completeDraftOf(), options);
    const all = new Uint8Array([...salt, ...contentBytes]);
    expect(contentDigest(all.subarray(0, 15), all.subarray(15))).toEqual(
      contentDigest(salt, contentBytes),
    );
    expect(isContentOf(envelope, all.subarray(0, 15), all.subarray(15))).toBe(false);
  });

  it.each<[string, Partial<CompleteDraft>, Partial<typeof options>, string]>([
    ['event', { event: 'a","x":"' }, {}, '$.event'],
    ['category', { category: 'No such"' }, {}, '$.category'],
    ['operation', { operation: 'lower' }, {}, '$.operation'],
    ['level', { level: 'Fatal' as never }, {}, '$.level'],
    ['outcome', { outcome: 'success' as never }, {}, '$.outcome'],
    ['retention', { retention: 'none' as never }, {}, '$.retention'],
    ['seq', { seq: 0 }, {}, '$.seq'],
    ['seq', { seq: 2 ** 53 }, {}, '$.seq'],
    ['time', { time: '2026-02-29T00:00:00.000Z' }, {}, '$.time'],
    ['producer', {}, { producer: 'A' }, '$.producer'],
    ['id', {}, { id: ID.toUpperCase() }, '$.id'],
  ])('refuses an envelope with a bad %s', (_, rest, more, path) => {
    const error = refusal(() =>
      sealRecord({ ...completeDraftOf(), ...rest }, { ...options, ...more }),
    );
    expect(error.code).toBe('record_invalid');
    expect(error.faults.map((f) => f.path)).toEqual([path]);
  });

  it('refuses a salt of another size as the caller’s mistake', () => {
    expect(() => sealRecord(completeDraftOf(), { ...options, salt: new Uint8Array(15) })).toThrow(
      new RangeError('expected a salt of 16 bytes, got 15'),
    );
  });

  it('refuses what has no canonical form', () => {
    for (const after of [
      { a: Number.NaN },
      { a: undefined as never },
      { a: '\ud800' },
      JSON.parse('{"__proto__":1}') as never,
      { a: 1n as never },
      { a: new Date(0) as never },
    ]) {
      const error = refusal(() => sealRecord(completeDraftOf({ after }), options));
      expect(error.code).toBe('record_invalid');
      expect(error.message).toMatch(/^\$\.content: expected a value with canonical JSON, got /);
    }
  });

  it('refuses a content above the limit and takes one at it', () => {
    const overhead = sealRecord(completeDraftOf({ reason: '' }), options).contentBytes.length;
    const reason = 'x'.repeat(MAX_CONTENT_BYTES - overhead);
    expect(sealRecord(completeDraftOf({ reason }), options).contentBytes.length).toBe(
      MAX_CONTENT_BYTES,
    );
    const error = refusal(() => sealRecord(completeDraftOf({ reason: `${reason}x` }), options));
    expect(error.code).toBe('record_too_large');
    expect(error.message).toBe(
      '$.content: expected at most 1048576 bytes, got at least 1048577 bytes',
    );
    const wide = refusal(() =>
      sealRecord(completeDraftOf({ reason: 'é'.repeat(MAX_CONTENT_BYTES / 2) }), options),
    );
    expect(wide.code).toBe('record_too_large');
  });

  it('refuses a secret and names its place, not its value', () => {
    const error = refusal(() =>
      sealRecord(completeDraftOf({ after: { user: { password: 'hunter2' } } }), options),
    );
    expect(error.code).toBe('record_contains_secret');
    expect(error.message).toBe(
      '$.content.after.user.password: expected no secret, got a secret in a field of that name',
    );
  });
});

/** Contents of the property test may break the shape, e.g. with empty strings; not the canon. */
function parseContentUnchecked(bytes: Uint8Array): JsonValue {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as JsonValue;
}
