import { words } from '@countersign/records';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { spelled, uuidWord } from './spelled.ts';

/** As FTS5's ascii tokenizer with `~` among the letters cuts a text. */
const cut = (text: string): string[] =>
  text.replace(/[A-Z]/g, (c) => c.toLowerCase()).match(/[a-z0-9~\u0080-\u{10ffff}]+/gu) ?? [];

const PIECES =
  '0 00 0x 0X0aF 0x0g 1 ab AB : - ~ ~a / x 0a:1b:2c:3d 01890a5d-ac96-774b-bcce-b302099a8057 é 東 ß'.split(
    ' ',
  );
const piece = fc.constantFrom(...PIECES, ' ', '0A 1B 2C 3D', 'a'.repeat(63));

it('spells every text so that the index finds the words in it', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      expect(cut(spelled(text))).toEqual(words(text));
    }),
    { numRuns: 5000 },
  );
});

it('has one word for a UUID', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(8), (uuid, zeros) => {
      const id = '0'.repeat(zeros) + uuid.slice(zeros);
      expect(cut(uuidWord(id))).toEqual(words(id));
    }),
  );
});
