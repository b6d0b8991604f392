import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../test/one-spelling.ts';
import { canonicalize, parseJson, TlogError, type JsonValue } from './index.ts';

function positionOf(text: string): number | undefined {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof TlogError) return error.position;
  }
  throw new Error('expected a TlogError with a position');
}

describe('parseJson', () => {
  it('reads what JSON.stringify writes, with any white space', () => {
    const spaces = fc.constantFrom('', ' ', '\n', '\t\r\n ');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), spaces, (value, space) => {
        const text = JSON.stringify(value, null, space).replaceAll('__proto__', 'proto');
        expect(parseJson(text, { unsafeNumbers: true })).toEqual(JSON.parse(text));
      }),
    );
    expect(parseJson(' \t\r\n{ "a" : [ 1 , -2.5e-3 , true , false , null ] } \n')).toEqual({
      a: [1, -0.0025, true, false, null],
    });
  });

  it('accepts nothing that JSON.parse refuses', () => {
    const pieces =
      '{ } [ ] , : " "a" \\ \\u0061 1 - . 0 e + true nul null \n \u00a0 \ufeff \' / // NaN \u0001'.split(
        ' ',
      );
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(' ', ...pieces), { maxLength: 12 }), (list) => {
        const text = list.join('');
        let value: JsonValue;
        try {
          value = parseJson(text);
        } catch (error) {
          if (error instanceof TlogError) return;
          throw error;
        }
        accepted += 1;
        expect(canonicalize(value)).toBe(canonicalize(JSON.parse(text) as JsonValue));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('reads every escape', () => {
    expect(parseJson('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\uDE02\\u0000"')).toBe(
      '"\\/\b\f\n\r\tA😂\0',
    );
    for (const [text, message] of [
      ['"\\x41"', 'json: expected an escape sequence, got "\\\\" at 1'],
      ['"a\\u12G4"', 'json: expected an escape sequence, got "\\\\" at 2'],
      ['"\\u12', 'json: expected an escape sequence, got "\\\\" at 1'],
      ['"\\', 'json: expected an escape sequence, got "\\\\" at 1'],
    ] as const) {
      expect(faultOf(() => parseJson(text))).toEqual({ code: 'json_syntax', message });
    }
  });

  it('says where the text breaks off or goes wrong', () => {
    for (const [text, message] of [
      ['', 'json: expected a value, got the end at 0'],
      ['{', 'json: expected a key in quotes, got the end at 1'],
      ['{"a"', 'json: expected ":", got the end at 4'],
      ['{"a":1', 'json: expected "," or "}", got the end at 6'],
      ['{"a":1,}', 'json: expected a key in quotes, got "}" at 7'],
      ['[1,]', 'json: expected a value, got "]" at 3'],
      ['[1 2]', 'json: expected "," or "]", got "2" at 3'],
      ['1 2', 'json: expected the end, got "2" at 2'],
      ['"a', 'json: expected the closing quote of a string, got the end at 2'],
      ['"a\nb"', 'json: expected the closing quote of a string, got "\\n" at 2'],
      ['tru', 'json: expected a value, got "t" at 0'],
      ['01', 'json: expected the end, got "1" at 1'],
      ['1.', 'json: expected the end, got "." at 1'],
      ['.5', 'json: expected a value, got "." at 0'],
      ['+1', 'json: expected a value, got "+" at 0'],
      ['[1]😀', 'json: expected the end, got "😀" at 3'],
      ['\ufeff1', 'json: expected a value, got "\ufeff" at 0'],
    ] as const) {
      expect(faultOf(() => parseJson(text))).toEqual({ code: 'json_syntax', message });
    }
    expect(positionOf('{"a": nul}')).toBe(6);
  });

  it('refuses every prefix of a text', () => {
    const text = '{"a":[1,-2.5e+3,{"b":"c\\u00e9\\n"}],"d":null,"e":{}}';
    for (let length = 0; length < text.length; length += 1) {
      expect(faultOf(() => parseJson(text.slice(0, length))).code).toBe('json_syntax');
    }
  });

  it('refuses duplicate keys, however they are spelled', () => {
    expect(faultOf(() => parseJson('{"a":1,"b":2,"a":3}'))).toEqual({
      code: 'json_duplicate_key',
      message: 'json: duplicate key "a" at 13',
    });
    expect(faultOf(() => parseJson('[{"a":1,"\\u0061":1}]')).code).toBe('json_duplicate_key');
    expect(faultOf(() => parseJson('{"":1,"":1}')).code).toBe('json_duplicate_key');
    expect(parseJson('[{"a":1},{"a":1},{"b":{"a":1},"a":1}]')).toEqual([
      { a: 1 },
      { a: 1 },
      { b: { a: 1 }, a: 1 },
    ]);
  });

  it('refuses the key __proto__, and takes every other name as a key', () => {
    expect(faultOf(() => parseJson('{"a":{"__proto__":{"admin":true}}}'))).toEqual({
      code: 'json_forbidden_key',
      message: 'json: the key "__proto__" is not allowed at 6',
    });
    expect(faultOf(() => parseJson('{"\\u005f_proto__":1}')).code).toBe('json_forbidden_key');
    const value = parseJson('{"constructor":1,"hasOwnProperty":2,"toString":3,"prototype":{}}');
    expect(Object.entries(value as object)).toEqual([
      ['constructor', 1],
      ['hasOwnProperty', 2],
      ['toString', 3],
      ['prototype', {}],
    ]);
  });

  it('refuses lone surrogates, raw or escaped, in values and keys', () => {
    for (const text of [
      '"\ud800"',
      '"\\ud800"',
      '"\\udc00\\ud800"',
      '{"\\udfff":1}',
      '["a\udc00"]',
    ]) {
      expect(faultOf(() => parseJson(text)).code).toBe('json_lone_surrogate');
    }
    expect(faultOf(() => parseJson('[1,"\\ud800"]')).message).toBe(
      'json: lone surrogate in a string at 3',
    );
    expect(parseJson('"\\ud83d\ude02"')).toBe('😂');
  });

  it('refuses what is nested deeper than the limit', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseJson(nested(64))).toBeInstanceOf(Array);
    expect(faultOf(() => parseJson(nested(65)))).toEqual({
      code: 'json_too_deep',
      message: 'json: expected at most 64 levels of objects and arrays at 64',
    });
    expect(faultOf(() => parseJson(nested(1_000_000))).code).toBe('json_too_deep');
    expect(faultOf(() => parseJson('{"a":[1]}', { depth: 1 })).code).toBe('json_too_deep');
    expect(parseJson('1', { depth: 0 })).toBe(1);
  });

  it('refuses numbers that would be rounded to something else', () => {
    for (const text of [
      '9007199254740992',
      '-9007199254740993',
      '18446744073709551615',
      '1e400',
      '-1e400',
      '1e-400',
      '1E30',
    ]) {
      expect(faultOf(() => parseJson(text))).toEqual({
        code: 'json_unsafe_number',
        message: `json: the number ${text} cannot be kept exactly; write it as a string at 0`,
      });
    }
    expect(parseJson('[9007199254740991,-9007199254740991,5e-324,0e-400,0.0]')).toEqual([
      9007199254740991, -9007199254740991, 5e-324, 0, 0,
    ]);
    expect(parseJson('[1E30,9007199254740992]', { unsafeNumbers: true })).toEqual([
      1e30, 9007199254740992,
    ]);
    expect(faultOf(() => parseJson('1e400', { unsafeNumbers: true })).code).toBe(
      'json_unsafe_number',
    );
  });

  it('reads negative zero as zero', () => {
    for (const text of ['-0', '-0.0', '-0e5']) expect(Object.is(parseJson(text), 0)).toBe(true);
  });

  it('reads long strings and long lists', () => {
    const long = 'x\n'.repeat(200_000);
    expect(parseJson(JSON.stringify(long))).toBe(long);
    expect((parseJson(`[${'1,'.repeat(100_000)}1]`) as JsonValue[]).length).toBe(100_001);
  });
});
