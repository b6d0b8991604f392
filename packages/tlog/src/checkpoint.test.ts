import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  EMPTY_ROOT,
  formatCheckpoint,
  generateSignerKey,
  openCheckpoint,
  parseCheckpoint,
  parseSignerKey,
  signNote,
  toBase64,
} from './index.ts';

const ROOT = toBase64(EMPTY_ROOT);

describe('a checkpoint', () => {
  it('has one spelling', () => {
    for (const text of [
      `example.com/log\n20852163\n${ROOT}\n`,
      `origin with spaces è\n0\n${ROOT}\nextension 1\nextension 2\n`,
      `o\n9007199254740991\n${ROOT}\n`,
    ]) {
      expect(checkOneSpelling(text, parseCheckpoint, formatCheckpoint)).toBeGreaterThan(0);
    }
  });

  it('keeps what it is made of', () => {
    const line = fc.string({ minLength: 1 }); // printable ASCII
    fc.assert(
      fc.property(
        fc.record({
          origin: line,
          size: fc.maxSafeNat(),
          root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          extensions: fc.array(line, { maxLength: 3 }),
        }),
        (checkpoint) => {
          expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
        },
      ),
    );
  });

  it('is refused with the reason', () => {
    const lines =
      'checkpoint: expected lines that are not empty and without control characters, got ';
    const cases: [string, string][] = [
      ['', 'checkpoint: the text does not end with a newline'],
      [`o\n1\n${ROOT}`, 'checkpoint: the text does not end with a newline'],
      ['o\n1\n', 'checkpoint: expected at least 3 lines, got 2'],
      [`\n1\n${ROOT}\n`, `${lines}""`],
      [`o\n1\n${ROOT}\n\n`, `${lines}""`],
      [`o\r\n1\n${ROOT}\n`, `${lines}"o\\r"`],
      [
        `o\n01\n${ROOT}\n`,
        'checkpoint size: expected a decimal number without leading zeros, got "01"',
      ],
      [
        `o\n-1\n${ROOT}\n`,
        'checkpoint size: expected a decimal number without leading zeros, got "-1"',
      ],
      ['o\n1\nAAAA\n', 'checkpoint: root: expected 32 bytes, got 3'],
      [`o\n1\n${ROOT.slice(1)}\n`, `checkpoint: root: expected base64, got "${ROOT.slice(1)}"`],
    ];
    for (const [text, message] of cases) {
      expect(faultOf(() => parseCheckpoint(text))).toEqual({
        code: 'checkpoint_malformed',
        message,
      });
    }
    for (const size of ['9007199254740992', '18446744073709551615']) {
      expect(faultOf(() => parseCheckpoint(`o\n${size}\n${ROOT}\n`))).toEqual({
        code: 'number_too_large',
        message: `checkpoint size: expected at most 9007199254740991, got "${size}"`,
      });
    }
  });

  it('is not made from what would be refused', () => {
    const good = { origin: 'o', size: 1, root: EMPTY_ROOT, extensions: [] };
    for (const [change, message] of [
      [{ size: -1 }, 'checkpoint: size: expected an integer from 0 to 9007199254740991, got -1'],
      [
        { size: 2 ** 53 },
        'checkpoint: size: expected an integer from 0 to 9007199254740991, got 9007199254740992',
      ],
      [{ root: new Uint8Array(3) }, 'checkpoint: root: expected 32 bytes, got 3'],
      [
        { origin: '' },
        'checkpoint: expected lines that are not empty and without control characters, got ""',
      ],
      [
        { extensions: ['a\nb'] },
        'checkpoint: expected lines that are not empty and without control characters, got "a\\nb"',
      ],
    ] as const) {
      expect(faultOf(() => formatCheckpoint({ ...good, ...change }))).toEqual({
        code: 'checkpoint_malformed',
        message,
      });
    }
  });

  it('opens under its own origin only', () => {
    const signer = parseSignerKey(generateSignerKey('log.example'));
    const text = formatCheckpoint({
      origin: 'log.example',
      size: 0,
      root: EMPTY_ROOT,
      extensions: [],
    });
    const note = signNote(text, [signer]);
    const opened = openCheckpoint(note, 'log.example', [signer.verifier]);
    expect(opened).toMatchObject({ origin: 'log.example', size: 0, root: EMPTY_ROOT });
    expect(opened.note.verified.length).toBe(1);
    expect(faultOf(() => openCheckpoint(note, 'other.example', [signer.verifier]))).toEqual({
      code: 'checkpoint_origin_mismatch',
      message: 'checkpoint origin: expected "other.example", got "log.example"',
    });
    const signedOther = signNote('no checkpoint\n', [signer]);
    expect(faultOf(() => openCheckpoint(signedOther, 'log.example', [signer.verifier])).code).toBe(
      'checkpoint_malformed',
    );
  });
});
