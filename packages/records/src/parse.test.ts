import { canonicalize, utf8 } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordError } from './error.ts';
import type { RecordFault } from './error.ts';
import { MAX_FAULTS } from './limits.ts';
import { parseContent, parseEnvelope, parseRecordDraft } from './parse.ts';
import { sealRecord } from './seal.ts';
import {
  completeDraftOf,
  draftOf,
  ID,
  refusal,
  SALT,
  TIME,
  unlessRefused,
  WHOLE,
} from './testing.ts';

function faultsOf(value: unknown): readonly RecordFault[] {
  return refusal(() => parseRecordDraft(value)).faults;
}

describe('parseRecordDraft', () => {
  it('takes a draft with every field', () => {
    const draft = draftOf(WHOLE, {
      id: ID,
      category: 'Certificate',
      operation: 'Download with Private Key',
      level: 'Failure',
      retention: 'extended',
    });
    expect(parseRecordDraft(draft)).toEqual(draft);
  });

  it('fills in what the catalogue knows', () => {
    expect(parseRecordDraft(draftOf())).toEqual(completeDraftOf());
    expect(parseRecordDraft(draftOf({}, { outcome: 'Success' }))).toMatchObject({
      category: 'Authorization',
      operation: 'Authorized',
      level: 'Information',
    });
  });

  it('asks for all four where the catalogue does not know the event', () => {
    const draft = draftOf({}, { event: 'ORDER_SHIPPED' });
    expect(faultsOf(draft)).toEqual(
      ['category', 'operation', 'level', 'retention'].map((field) => ({
        path: `$.${field}`,
        expected: `a ${field}, since ORDER_SHIPPED is not catalogued`,
        got: 'nothing',
      })),
    );
    const rest = { category: 'Application', operation: 'Processed', retention: 'normal' } as const;
    const complete = { ...draft, ...rest, level: 'Information' } as const;
    expect(parseRecordDraft(complete)).toEqual(complete);
  });

  it('does not let a record be kept for less than the catalogue says', () => {
    const draft = draftOf({}, { event: 'CONFIG_ROLE', retention: 'normal' });
    expect(faultsOf(draft)).toEqual([
      { path: '$.retention', expected: '"extended", as the catalogue has it', got: '"normal"' },
    ]);
  });

  it('does not let a record be made to look more harmless than the catalogue says', () => {
    expect(faultsOf(draftOf({}, { level: 'Information' }))).toEqual([
      {
        path: '$.level',
        expected: '"Warning" or "Failure", as the catalogue has it',
        got: '"Information"',
      },
    ]);
    expect(parseRecordDraft(draftOf({}, { level: 'Failure' })).level).toBe('Failure');
  });

  it('reports every fault at once, by path', () => {
    const faults = faultsOf({
      seq: '1',
      time: '2026-11-22 05:00:00',
      event: 'authz',
      outcome: 'Maybe',
      colour: 'blue',
      content: {
        actor: { id: 1, kind: 'robot', roles: ['a', 2], 'odd key': 1 },
        attributes: [['a'], ['b', 1], 'c', ['', 'v']],
        before: { list: [{ n: Number.POSITIVE_INFINITY }], big: 2 ** 53 },
      },
    });
    expect(faults.map((f) => `${f.path}: ${f.expected}, ${f.got}`)).toEqual([
      '$.seq: an integer from 1, "1"',
      '$.time: a UTC time as 2026-11-22T05:00:00.000Z, "2026-11-22 05:00:00"',
      '$.event: an event name of capitals, digits and "_", 64 at most, starting with a letter, "authz"',
      '$.outcome: one of "Success", "Failure", "Maybe"',
      '$.colour: one of the fields seq, time, event, outcome, content, id, category, operation, level, retention, an unknown field',
      '$.content.source: an object, nothing',
      '$.content.actor.id: a string of 0 to 65536 characters, 1',
      '$.content.actor.kind: one of "user", "service", "system", "unknown", "robot"',
      '$.content.actor.roles[1]: a string of 1 to 1024 characters, 2',
      '$.content.actor["odd key"]: one of the fields id, kind, name, roles, authentication, session, an unknown field',
      '$.content.attributes[0]: an array of 2, an array of 1',
      '$.content.attributes[1][1]: a string of 0 to 1048576 characters, 1',
      '$.content.attributes[2]: an array of 2, "c"',
      '$.content.attributes[3][0]: a string of 1 to 1024 characters, ""',
      '$.content.before.list[0].n: a finite number, integers within ±(2^53 - 1), Infinity',
      '$.content.before.big: a finite number, integers within ±(2^53 - 1), 9007199254740992',
    ]);
  });

  it('stops counting faults at a limit', () => {
    const attributes = Array.from({ length: 1000 }, () => ['', '']);
    expect(faultsOf(draftOf({ attributes } as never)).length).toBe(MAX_FAULTS);
  });

  it('puts faults where the draft stands', () => {
    const error = refusal(() => parseRecordDraft(draftOf({}, { seq: 0 }), '$.records[3]'));
    expect(error.message).toBe('$.records[3].seq: expected an integer from 1, got 0');
    const secret = draftOf({ attributes: [['Password', 'hunter2']] });
    expect(refusal(() => parseRecordDraft(secret, '$.records[3]')).faults[0]?.path).toBe(
      '$.records[3].content.attributes[0][1]',
    );
  });

  it.each([null, undefined, 1, 'x', [], new Date(0), new Map()])(
    'refuses %s as a whole',
    (value) => {
      expect(faultsOf(value).map((f) => f.path)).toEqual(['$']);
    },
  );

  it('refuses undefined in place of an absent field', () => {
    expect(faultsOf({ ...draftOf(), id: undefined })).toEqual([
      { path: '$.id', expected: 'a UUIDv7 in lower case', got: 'nothing' },
    ]);
  });

  it('refuses lone surrogates, names reserved by the language and deep nesting', () => {
    expect(faultsOf(draftOf({ reason: '\udc00' }))[0]?.expected).toBe(
      'a string without lone surrogates',
    );
    const after = JSON.parse('{"a":{"__proto__":{"isAdmin":true}}}') as never;
    expect(faultsOf(draftOf({ after }))[0]).toEqual({
      path: '$.content.after.a.__proto__',
      expected: 'another name',
      got: 'a name reserved by the language',
    });
    let deep: JsonValue = 1;
    for (let i = 0; i < 40; i++) deep = [deep];
    expect(faultsOf(draftOf({ after: { deep } }))[0]?.got).toBe('an object or array too deep');
  });

  it.each([
    '2026-11-22T05:00:00Z',
    '2026-11-22T05:00:00.000z',
    '2026-11-22T05:00:00.000+00:00',
    '2026-11-22T24:00:00.000Z',
    '2026-11-22T05:60:00.000Z',
    '2026-11-22T05:00:60.000Z',
    '2026-13-01T05:00:00.000Z',
    '2026-00-01T05:00:00.000Z',
    '2026-11-31T05:00:00.000Z',
    '2026-02-29T05:00:00.000Z',
    '2100-02-29T05:00:00.000Z',
    '20２6-11-22T05:00:00.000Z',
    '2026-11-22T05:00:00.0000Z',
  ])('refuses the time %s', (time) => {
    expect(faultsOf(draftOf({}, { time })).map((f) => f.path)).toEqual(['$.time']);
  });

  it.each(['2024-02-29T23:59:59.999Z', '2000-02-29T00:00:00.000Z', '0000-01-01T00:00:00.000Z'])(
    'takes the time %s',
    (time) => {
      expect(parseRecordDraft(draftOf({}, { time })).time).toBe(time);
    },
  );

  it('agrees with the calendar on which times there are', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8e14) }),
        (date) => {
          const time = date.toISOString();
          fc.pre(time.length === 24);
          expect(parseRecordDraft(draftOf({}, { time })).time).toBe(time);
        },
      ),
    );
  });

  it('whatever it takes can be sealed and read back', () => {
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.boolean(), fc.constant(null)),
      model: fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(tie('value'), tie('model')), {
        maxKeys: 4,
      }),
    }));
    fc.assert(
      fc.property(anything.model, fc.string({ unit: 'binary' }), (after, id) => {
        const given = draftOf({ after: after as never, actor: { id, kind: 'user' } });
        const draft = unlessRefused(() => parseRecordDraft(given));
        if (draft === null) return;
        const sealed = sealRecord(draft, { producer: 'p', id: ID, salt: SALT });
        const read = parseContent(sealed.contentBytes);
        expect(canonicalize(read as never)).toBe(canonicalize(draft.content as never));
        expect(read.actor.id).toBe(id);
      }),
    );
  });
});

const { envelope, envelopeBytes, contentBytes } = sealRecord(completeDraftOf(WHOLE), {
  producer: 'ca1',
  id: ID,
  salt: SALT,
});

describe('parseEnvelope', () => {
  it('takes only the canonical spelling', () => {
    expect(parseEnvelope(envelopeBytes)).toEqual(envelope);
    const text = new TextDecoder().decode(envelopeBytes);
    for (const other of [
      ` ${text}`,
      `${text}\n`,
      text.replace('"seq":1', '"seq":1.0'),
      text.replace('"seq":1,', '"seq":1,"seq":1,'),
      text.replace('"AUTHZ"', '"\\u0041UTHZ"'),
      text.replace(/^\{("category":[^,]*),(.*)\}$/, '{$2,$1}'),
      `\ufeff${text}`,
    ]) {
      expect(other).not.toBe(text);
      const error = refusal(() => parseEnvelope(utf8(other)));
      expect(error.code).toBe('envelope_malformed');
      expect(error.message).toMatch(/^\$: expected canonical JSON, got what fails with: /);
    }
  });

  it('refuses every prefix and every flipped bit or yields another envelope', () => {
    for (let n = 0; n < envelopeBytes.length; n++) {
      expect(() => parseEnvelope(envelopeBytes.subarray(0, n))).toThrow(RecordError);
      const flipped = envelopeBytes.slice();
      flipped[n] = (flipped[n] ?? 0) ^ (1 << (n % 8));
      expect(unlessRefused(() => parseEnvelope(flipped))).not.toEqual(envelope);
    }
  });

  it.each<[string, object]>([
    ['another version', { v: 2 }],
    ['a field too many', { subject: 'jdoe' }],
    ['a version 4 UUID', { id: ID.replace('-7abc', '-4abc') }],
    ['a short digest', { digest: 'AAAA' }],
    ['a digest with stray bits', { digest: `${'A'.repeat(42)}B=` }],
    ['a fraction for a number', { seq: 1.5 }],
    ['an unknown level', { level: 'Debug' }],
    ['a time without milliseconds', { time: TIME.replace('.000', '') }],
  ])('refuses %s', (_, change) => {
    const error = refusal(() => parseEnvelope(utf8(canonicalize({ ...envelope, ...change }))));
    expect(error.code).toBe('envelope_malformed');
    expect(error.faults.map((f) => f.path)).toEqual([`$.${Object.keys(change)[0]}`]);
  });

  it('takes names from a catalogue newer than ours', () => {
    const newer = { ...envelope, event: 'NEW_EVENT', category: 'Quantum', operation: 'Entangled' };
    expect(parseEnvelope(utf8(canonicalize(newer)))).toEqual(newer);
  });

  it('refuses more bytes than an entry may have', () => {
    expect(refusal(() => parseEnvelope(new Uint8Array(65_536))).message).toBe(
      '$: expected at most 65535 bytes, got 65536 bytes',
    );
  });
});

describe('parseContent', () => {
  it('takes only what was sealed', () => {
    expect(parseContent(contentBytes)).toEqual(WHOLE);
    expect(refusal(() => parseContent(utf8('{"a":1}'))).code).toBe('content_malformed');
    expect(refusal(() => parseContent(new Uint8Array(contentBytes.length))).code).toBe(
      'content_malformed',
    );
    expect(refusal(() => parseContent(Uint8Array.of(0xff))).code).toBe('content_malformed');
  });

  it('never reads two bytes as one content', () => {
    fc.assert(
      fc.property(fc.nat(contentBytes.length - 1), fc.nat(7), (at, bit) => {
        const flipped = contentBytes.slice();
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        expect(unlessRefused(() => parseContent(flipped))).not.toEqual(WHOLE);
      }),
    );
  });
});
