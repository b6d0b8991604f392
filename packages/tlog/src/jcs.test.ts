import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  canonicalize,
  fromUtf8,
  parseCanonical,
  parseJson,
  TlogError,
  utf8,
  type JsonValue,
} from './index.ts';

const parseText = (text: string) => parseCanonical(utf8(text));

/**
 * Inputs and outputs: the examples of RFC 8785, and the test data of its author at
 * github.com/cyberphone/json-canonicalization.
 */
const REFERENCE: Record<string, [input: string, output: string]> = {
  'RFC 8785 section 3.2.2': [
    '{"numbers":[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",' +
      '"literals":[null, true, false]}',
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  ],
  'RFC 8785 section 3.2.3': [
    '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh",' +
      '"1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control",' +
      '"\\u00f6":"Latin Small Letter O With Diaeresis"}',
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control",' +
      '"ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😀":"Emoji: Grinning Face",' +
      '"\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  'arrays.json': [
    '[\n  56,\n  {\n    "d": true,\n    "10": null,\n    "1": [ ]\n  }\n]',
    '[56,{"1":[],"10":null,"d":true}]',
  ],
  'french.json': [
    '{\n  "peach": "This sorting order",\n  "péché": "is wrong according to French",\n' +
      '  "pêche": "but canonicalization MUST",\n  "sin":   "ingnore locale"\n}\n',
    '{"peach":"This sorting order","péché":"is wrong according to French",' +
      '"pêche":"but canonicalization MUST","sin":"ingnore locale"}',
  ],
  'structures.json': [
    '{\n  "1": {"f": {"f": "hi","F": 5} ,"\\n": 56.0},\n  "10": { },\n  "": "empty",\n' +
      '  "a": { },\n  "111": [ { } ],\n  "A": { }\n}',
    '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
  ],
  'unicode.json': [
    '{\n  "Unnormalized Unicode":"\\u1e0d\\u0307"\n}\n',
    '{"Unnormalized Unicode":"\u1e0d\u0307"}',
  ],
  'values.json': [
    '{\n  "numbers": [1E30, 4.50, 333333333.33333329, 2e-3, 0.000000000000000000000000001],\n' +
      '  "escaping": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/",\n' +
      '  "literals": [null, true, false]\n}',
    '{"escaping":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","literals":[null,true,false],' +
      '"numbers":[1e+30,4.5,333333333.3333333,0.002,1e-27]}',
  ],
  'weird.json': [
    '{\n  "\\u20ac": "Euro Sign",\n  "1": "One",\n  "\\u0080": "Control\\u007f",\n' +
      '  "\\ud83d\\ude02": "Smiley",\n  "\\u00f6": "Latin Small Letter O With Diaeresis",\n' +
      '  "\\ufb33": "Hebrew Letter Dalet With Dagesh",\n  "</script>": "Browser Challenge"\n}\n',
    '{"1":"One","</script>":"Browser Challenge","\u0080":"Control\u007f",' +
      '"ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign","😂":"Smiley",' +
      '"\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
};

/** RFC 8785 appendix B, and lines of the same author's file of numbers: IEEE 754 bits and their spelling. */
const NUMBERS: [bits: string, spelling: string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
  ['4340000000000001', '9007199254740994'],
  ['4340000000000002', '9007199254740996'],
];

function numberOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

/** The definition, word for word: sort, then write. */
function naive(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(naive).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${naive(member)}`).join(',')}}`;
}

/** Keys that collide with the order of array indexes, and with each other. */
const keys = fc.oneof(
  fc.constantFrom('', '0', '1', '9', '10', '01', 'a', 'A', 'é', '€', '\ufb33', '😂', 'toString'),
  fc.constantFrom('4294967294', '4294967295', '4294967296', '99999999999', '-1', '1.5', '\u0080'),
  fc.string({ maxLength: 3 }),
);
const { value: values } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, true, false, 0, 1e30, '\\ud800', '\\\\ud', '\u2028', '\u0000"\\'),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(
      keys.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 8 },
    ),
  ),
}));

describe('canonicalize', () => {
  it.each(Object.entries(REFERENCE))('writes %s', (_, [input, output]) => {
    const value = parseJson(input, { unsafeNumbers: true });
    expect(canonicalize(value)).toBe(output);
    expect(canonicalize(JSON.parse(input) as JsonValue)).toBe(output);
    expect(canonicalize(parseText(output))).toBe(output);
  });

  it('writes the numbers of RFC 8785', () => {
    for (const [bits, spelling] of NUMBERS) {
      expect(canonicalize(numberOf(bits))).toBe(spelling);
      expect(canonicalize({ b: [numberOf(bits)], a: 1 })).toBe(`{"a":1,"b":[${spelling}]}`);
    }
  });

  it('writes what the definition says, whatever the order of the keys', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalize(value);
        expect(text).toBe(naive(value));
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves the value as it was', () => {
    const value = { b: [{ d: 1, c: 2 }], a: { y: 1, x: 2 } };
    const before = structuredClone(value);
    expect(canonicalize(value)).toBe('{"a":{"x":2,"y":1},"b":[{"c":2,"d":1}]}');
    expect(JSON.stringify(value)).toBe(JSON.stringify(before));
    expect(canonicalize(Object.freeze(value))).toBe(canonicalize(before));
  });

  it('takes objects without a prototype, and large ones', () => {
    const bare = Object.assign(Object.create(null) as Record<string, JsonValue>, { b: 1, a: 2 });
    expect(canonicalize(bare)).toBe('{"a":2,"b":1}');
    const names = Array.from({ length: 100 }, (_, n) => `k${(n * 37) % 100}`);
    const large = Object.fromEntries(names.map((name) => [name, name]));
    expect(canonicalize(large)).toBe(naive(large));
  });

  it('looks at every member once, however deep and out of order', () => {
    let value: JsonValue = { z: 1, a: 2 };
    for (let depth = 1; depth < 64; depth += 1) value = { z: value, a: 1 };
    expect(canonicalize(value).length).toBe('{"a":2,"z":1}'.length + 63 * '{"a":1,"z":}'.length);
  });

  it('refuses what is not JSON, and says where', () => {
    const cycle: JsonValue[] = [];
    cycle.push(cycle);
    const hidden = JSON.parse('{"b":{"__proto__":1},"a":1}') as JsonValue;
    const cases: [unknown, string, string][] = [
      [undefined, 'json_unsupported', '$: expected a JSON value, got undefined'],
      [{ a: undefined }, 'json_unsupported', '$.a: expected a JSON value, got undefined'],
      [
        Array.from({ length: 3 }).with(0, 1),
        'json_unsupported',
        '$[1]: expected a JSON value, got undefined',
      ],
      [{ b: 1, a: [Number.NaN] }, 'json_unsupported', '$.a[0]: expected a JSON value, got NaN'],
      [{ b: -Infinity }, 'json_unsupported', '$.b: expected a JSON value, got -Infinity'],
      [{ a: 1n }, 'json_unsupported', '$.a: expected a JSON value, got bigint'],
      [{ a: () => 1 }, 'json_unsupported', '$.a: expected a JSON value, got function'],
      [{ a: Symbol('s') }, 'json_unsupported', '$.a: expected a JSON value, got symbol'],
      [{ a: new Date(0) }, 'json_unsupported', '$.a: expected a JSON value, got Date'],
      [new Map(), 'json_unsupported', '$: expected a JSON value, got Map'],
      [{ a: new Uint8Array(1) }, 'json_unsupported', '$.a: expected a JSON value, got Uint8Array'],
      [{ 2: 1, 10: Number.NaN }, 'json_unsupported', '$.10: expected a JSON value, got NaN'],
      [{ a: 'x\ud800' }, 'json_lone_surrogate', '$.a: lone surrogate in a string'],
      [{ 10: 1, 9: ['\udc00'] }, 'json_lone_surrogate', '$.9[0]: lone surrogate in a string'],
      [{ '\ud800': 1 }, 'json_lone_surrogate', '$.\ufffd: lone surrogate in a key'],
      [hidden, 'json_forbidden_key', '$.b.__proto__: the key is not allowed'],
    ];
    for (const [value, code, message] of cases) {
      expect(faultOf(() => canonicalize(value as JsonValue))).toEqual({ code, message });
    }
    expect(faultOf(() => canonicalize(cycle))).toEqual({
      code: 'json_too_deep',
      message:
        `$${'[0]'.repeat(64)}`.slice(0, 80) + ': expected at most 64 levels of objects and arrays',
    });
  });

  it('takes the letters of an escaped surrogate for what they are', () => {
    for (const text of ['\\ud800', '\\\\ud800', 'C:\\udp']) {
      expect(parseText(canonicalize({ b: text, a: 1 }))).toEqual({ a: 1, b: text });
    }
  });

  it('nests 64 levels, as deep as the parser reads', () => {
    let value: JsonValue = [];
    for (let depth = 1; depth < 64; depth += 1) value = [value];
    const text = canonicalize(value);
    expect(canonicalize(parseText(text))).toBe(text);
    expect(faultOf(() => canonicalize([value])).code).toBe('json_too_deep');
    expect(faultOf(() => parseText(`[${text}]`)).code).toBe('json_too_deep');
  });
});

describe('parseCanonical', () => {
  it('reads whatever canonicalize writes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalize(value);
        expect(parseText(text)).toEqual(value);
        expect(canonicalize(parseText(text))).toBe(text);
      }),
      { numRuns: 1000 },
    );
    for (const [bits] of NUMBERS.slice(2)) {
      expect(parseText(canonicalize(numberOf(bits)))).toBe(numberOf(bits));
    }
  });

  it('accepts one spelling', () => {
    const text = '{"a":[1,-0.5,1e+21,"\\u000f\\n\\"é€😂"],"b":{},"c":[true,false,null]}';
    expect(checkOneSpelling(text, parseText, canonicalize)).toBeGreaterThan(0);
  });

  it('refuses changed bytes, or reads another value', () => {
    const bytes = utf8('{"a":"é😂","n":12}');
    const seen = new Set<string>();
    for (let i = 0; i < bytes.length; i += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = bytes.with(i, (bytes[i] as number) ^ (1 << bit));
        let value: JsonValue;
        try {
          value = parseCanonical(changed);
        } catch (error) {
          if (error instanceof TlogError) continue;
          throw error;
        }
        expect(utf8(canonicalize(value))).toEqual(changed);
        seen.add(canonicalize(value));
      }
    }
    expect(seen.size).toBeGreaterThan(20);
    expect(seen).not.toContain(fromUtf8(bytes));
  });

  it('refuses every other spelling with its reason', () => {
    const cases: [string, string, string][] = [
      ['{ "a":1}', 'json_not_canonical', 'json: expected "\\"a\\":1}" at 1, got " \\"a\\":1}"'],
      [
        '{"b":1,"a":2}',
        'json_not_canonical',
        'json: expected "a\\":2,\\"b\\":1}" at 2, got "b\\":1,\\"a\\":2}"',
      ],
      ['1.0', 'json_not_canonical', 'json: expected the end at 1, got ".0"'],
      ['1E30', 'json_not_canonical', 'json: expected "e+30" at 1, got "E30"'],
      ['-0', 'json_not_canonical', 'json: expected "0" at 0, got "-0"'],
      ['9007199254740993', 'json_not_canonical', 'json: expected "2" at 15, got "3"'],
      ['"\\u0041"', 'json_not_canonical', 'json: expected "A\\"" at 1, got "\\\\u0041\\""'],
      ['"\\/"', 'json_not_canonical', 'json: expected "/\\"" at 1, got "\\\\/\\""'],
      ['"\\u000F"', 'json_not_canonical', 'json: expected "f\\"" at 6, got "F\\""'],
      ['1\n', 'json_not_canonical', 'json: expected the end at 1, got "\\n"'],
      ['{"a":1,"a":1}', 'json_duplicate_key', 'json: duplicate key "a" at 7'],
      ['{"a":1', 'json_syntax', 'json: expected "," or "}", got the end at 6'],
      ['\ufeff1', 'json_syntax', 'json: expected a value, got "\ufeff" at 0'],
      ['"\\ud800"', 'json_lone_surrogate', '$: lone surrogate in a string'],
      ['{"__proto__":1}', 'json_forbidden_key', '$.__proto__: the key is not allowed'],
      ['1e400', 'json_unsupported', '$: expected a JSON value, got Infinity'],
    ];
    for (const [text, code, message] of cases) {
      expect(faultOf(() => parseText(text))).toEqual({ code, message });
    }
    expect(faultOf(() => parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).code).toBe(
      'utf8_malformed',
    );
  });
});
