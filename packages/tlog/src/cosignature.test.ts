import { describe, expect, it } from 'vitest';
import mlDsa from '../test/data/ml-dsa-44.json' with { type: 'json' };
import vectors from '../../../testdata/vectors.json' with { type: 'json' };
import { faultOf } from '../test/one-spelling.ts';
import {
  cosignatureMessage,
  formatCosignature,
  fromHex,
  fromUtf8,
  parseCosignature,
  parseSignatureLines,
  parseVerifierKey,
  sha256,
  subtreeMessage,
  toHex,
  utf8,
} from './index.ts';

describe('the ML-DSA-44 cosignature of another implementation', () => {
  const verifier = parseVerifierKey(mlDsa.vkey);
  const [line] = parseSignatureLines(mlDsa.signatureLine);
  const signature = line?.signature ?? new Uint8Array();
  const text = utf8(vectors.note_ed25519.text);

  it('is the one that the vectors record', () => {
    const { signatureSha256, keyIdHex, timestamp, signatureLineLength } =
      vectors.cosignature_mldsa44;
    expect(toHex(sha256(signature.subarray(8)))).toBe(signatureSha256);
    expect(verifier.keyId.toString(16)).toBe(keyIdHex);
    expect(parseCosignature(signature).time).toBe(timestamp);
    expect(mlDsa.signatureLine.length).toBe(signatureLineLength);
  });

  it('is valid, for this time and this checkpoint alone', () => {
    expect(verifier.verify(text, signature)).toBe(true);
    expect(verifier.verify(text, signature.with(7, (signature[7] ?? 0) ^ 1))).toBe(false);
    expect(verifier.verify(utf8(vectors.note_ed25519.text.replace('8', '9')), signature)).toBe(
      false,
    );
  });

  it('does not cover extension lines', () => {
    expect(verifier.verify(utf8(`${vectors.note_ed25519.text}extension\n`), signature)).toBe(true);
  });
});

describe('cosignatures', () => {
  it('start with the time in seconds, eight bytes', () => {
    const bytes = formatCosignature(1_767_225_600, Uint8Array.of(1, 2));
    expect(toHex(bytes)).toBe('000000006955b9000102');
    expect(parseCosignature(bytes)).toEqual({
      time: 1_767_225_600,
      signature: Uint8Array.of(1, 2),
    });
  });

  it('are refused with times that are none', () => {
    const code = 'cosignature_malformed';
    expect(faultOf(() => parseCosignature(new Uint8Array(8)))).toEqual({
      code,
      message: 'cosignature: expected more than 8 bytes, got 8',
    });
    expect(faultOf(() => parseCosignature(fromHex('002000000000000000')))).toEqual({
      code,
      message: 'cosignature: time: expected at most 9007199254740991 seconds, got 9007199254740992',
    });
    expect(faultOf(() => parseCosignature(fromHex('ffffffffffffffff00'))).code).toBe(code);
    for (const time of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(faultOf(() => formatCosignature(time, new Uint8Array(64)))).toEqual({
        code,
        message: `cosignature: time: expected whole seconds since 1970, got ${time}`,
      });
      expect(faultOf(() => cosignatureMessage(utf8(''), time)).code).toBe(code);
    }
  });

  it('sign the whole text with Ed25519', () => {
    expect(fromUtf8(cosignatureMessage(utf8('a\nb\n'), 7))).toBe('cosignature/v1\ntime 7\na\nb\n');
  });

  it('sign names of 1 to 255 bytes with ML-DSA-44, and a time only for whole trees', () => {
    const good = {
      cosigner: 'c',
      time: 0,
      origin: 'o',
      start: 4,
      end: 8,
      hash: new Uint8Array(32),
    };
    expect(toHex(subtreeMessage(good))).toBe(
      `${toHex(utf8('subtree/v1\n\0'))}0163${'00'.repeat(8)}016f` +
        `${'00'.repeat(7)}04${'00'.repeat(7)}08${'00'.repeat(32)}`,
    );
    for (const [change, message] of [
      [{ cosigner: '' }, 'cosignature: cosigner: expected 1 to 255 bytes, got 0'],
      [{ origin: 'è'.repeat(128) }, 'cosignature: origin: expected 1 to 255 bytes, got 256'],
      [{ time: 1 }, 'cosignature: time: expected 0 for a subtree that starts at 4, got 1'],
      [{ hash: new Uint8Array(31) }, 'cosignature: hash: expected 32 bytes, got 31'],
      [{ end: -1 }, 'cosignature: expected an integer from 0 to 9007199254740991, got -1'],
    ] as const) {
      expect(faultOf(() => subtreeMessage({ ...good, ...change }))).toEqual({
        code: 'cosignature_malformed',
        message,
      });
    }
  });
});
