import { describe, expect, it } from 'vitest';
import { concatBytes } from './encoding.ts';
import { EMPTY_ROOT, leafHash, nodeHash, sha256, sha256Joined, toHex, utf8 } from './index.ts';

describe('hashes', () => {
  it('of leaves and nodes are told apart by their first byte', () => {
    const [a, b] = [leafHash(utf8('a')), leafHash(utf8('b'))];
    expect(a).toEqual(sha256(concatBytes(Uint8Array.of(0), utf8('a'))));
    expect(nodeHash(a, b)).toEqual(sha256(concatBytes(Uint8Array.of(1), a, b)));
    expect(nodeHash(b, a)).not.toEqual(nodeHash(a, b));
    expect(leafHash(concatBytes(a, b))).not.toEqual(nodeHash(a, b));
    expect(toHex(EMPTY_ROOT)).toBe(toHex(sha256(new Uint8Array(0))));
  });

  it('of joined bytes are those of the whole, whatever came before', () => {
    const salt = utf8('0123456789abcdef');
    for (const length of [0, 1, 100, 65_551, 65_552, 65_553, 200_000, 7, 0]) {
      const data = new Uint8Array(length).fill(length % 251);
      expect(sha256Joined(salt, data)).toEqual(sha256(concatBytes(salt, data)));
      expect(leafHash(data)).toEqual(sha256(concatBytes(Uint8Array.of(0), data)));
    }
  });

  it('have 32 bytes', () => {
    expect(() => nodeHash(EMPTY_ROOT, new Uint8Array(31))).toThrow(
      new RangeError('node hash: expected two hashes of 32 bytes, got 32 and 31'),
    );
  });
});
