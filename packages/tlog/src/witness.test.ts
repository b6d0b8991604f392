import { describe, expect, it } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import { formatAddCheckpoint, leafHash, parseAddCheckpoint, utf8 } from './index.ts';

const hash = leafHash(utf8('a'));

describe('an add-checkpoint request', () => {
  it('has one spelling, up to the checkpoint, which is kept as it is', () => {
    for (const request of [
      { old: 0, proof: [], checkpoint: 'x' },
      { old: 20_852_163, proof: [hash, hash], checkpoint: 'x\n\ny\n' },
    ]) {
      const body = formatAddCheckpoint(request);
      expect(parseAddCheckpoint(body)).toEqual(request);
      expect(checkOneSpelling(body, parseAddCheckpoint, formatAddCheckpoint)).toBeGreaterThan(0);
    }
  });

  it('is refused with the reason', () => {
    const line = `${'A'.repeat(43)}=\n`;
    const cases: [string, string][] = [
      ['', 'add-checkpoint: no blank line before the checkpoint'],
      ['old 1\n\n', 'add-checkpoint: no checkpoint'],
      ['new 1\n\nc', 'add-checkpoint: expected a line "old <size>", got "new 1"'],
      [
        'old 01\n\nc',
        'add-checkpoint: old: expected a decimal number without leading zeros, got "01"',
      ],
      ['old 1\nAAAA\n\nc', 'add-checkpoint: hash: expected 32 bytes, got 3'],
      ['old 1\nAAA\n\nc', 'add-checkpoint: hash: expected base64, got "AAA"'],
      [`old 1\n${line.repeat(64)}\nc`, 'add-checkpoint: expected at most 63 hashes, got 64'],
      [
        `old 1\n\n${'c'.repeat(1_048_577)}`,
        'add-checkpoint: checkpoint: expected at most 1048576 bytes, got 1048577',
      ],
    ];
    for (const [body, message] of cases) {
      expect(faultOf(() => parseAddCheckpoint(body))).toEqual({
        code: 'witness_request_malformed',
        message,
      });
    }
    expect(parseAddCheckpoint(`old 1\n${line.repeat(63)}\nc`).proof.length).toBe(63);
    expect(faultOf(() => parseAddCheckpoint('old 9007199254740992\n\nc')).code).toBe(
      'number_too_large',
    );
    expect(faultOf(() => formatAddCheckpoint({ old: -1, proof: [], checkpoint: 'c' })).code).toBe(
      'witness_request_malformed',
    );
  });
});
