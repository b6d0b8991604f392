import { describe, expect, it } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  CAPABILITIES,
  formatCheckpoint,
  fromBase64,
  generateSignerKey,
  noteKeyId,
  parseSignerKey,
  parseVerifierKey,
  toBase64,
  utf8,
  type NoteAlgorithm,
} from './index.ts';

const ALGORITHMS: NoteAlgorithm[] = ['ed25519', 'ed25519-cosignature', 'ml-dsa-44'];
const CHECKPOINT = utf8(
  formatCheckpoint({ origin: 'log.example', size: 3, root: new Uint8Array(32), extensions: [] }),
);
const seed = new Uint8Array(32).fill(9);

describe.each(ALGORITHMS)('a key for %s', (algorithm) => {
  const skey = generateSignerKey('log.example', algorithm, seed);
  const now = () => Date.UTC(2026, 10, 22);
  const signer = parseSignerKey(skey, { now });

  it('signs what its verifier accepts', () => {
    const verifier = parseVerifierKey(signer.verifier.vkey);
    expect(verifier).toMatchObject({ name: 'log.example', keyId: signer.keyId, supported: true });
    expect(verifier.timed).toBe(algorithm !== 'ed25519');
    const signature = signer.sign(CHECKPOINT);
    expect(verifier.verify(CHECKPOINT, signature)).toBe(true);
    const other = CHECKPOINT.with(0, 0x6d);
    expect(verifier.verify(other, signature)).toBe(false);
  });

  it('verifies no signature with a changed byte, and never throws', () => {
    const signature = signer.sign(CHECKPOINT);
    for (let i = 0; i < signature.length; i += signature.length > 100 ? 61 : 1) {
      const changed = signature.with(i, (signature[i] as number) ^ 1);
      expect(signer.verifier.verify(CHECKPOINT, changed)).toBe(false);
    }
    for (const length of [0, 1, 7, 8, 9, signature.length - 1]) {
      expect(signer.verifier.verify(CHECKPOINT, signature.subarray(0, length))).toBe(false);
    }
    expect(signer.verifier.verify(utf8('no checkpoint\n'), signature)).toBe(false);
    expect(signer.verifier.verify(Uint8Array.of(0xff), signature)).toBe(false);
    const never = new Uint8Array(signature.length).fill(0xff);
    expect(signer.verifier.verify(CHECKPOINT, never)).toBe(false);
  });

  it('has one spelling, and no other key ID than its own', () => {
    const { vkey } = signer.verifier;
    const short = vkey.length < 100;
    if (short) checkOneSpelling(vkey, parseVerifierKey, (verifier) => verifier.vkey);
    const [name, id, key] = vkey.split('+', 3) as [string, string, string];
    const wrongId = `${name}+${id.startsWith('0') ? '1' : '0'}${id.slice(1)}+${vkey.slice(name.length + 10)}`;
    expect(faultOf(() => parseVerifierKey(wrongId)).message).toBe(
      `verifier key "log.example": expected the key of ID ${wrongId.split('+')[1]}, got ${id}`,
    );
    expect(faultOf(() => parseVerifierKey(`${name}+${id.toUpperCase()}A+${key}`)).code).toBe(
      'key_malformed',
    );
  });

  it('is another one under another name and for another algorithm', () => {
    const ids = ALGORITHMS.flatMap((other) =>
      ['log.example', 'log2.example'].map(
        (name) => parseSignerKey(generateSignerKey(name, other, seed)).keyId,
      ),
    );
    expect(new Set(ids).size).toBe(6);
  });

  it('does not give away the seed', () => {
    const secret = toBase64(seed).slice(0, 20);
    expect(JSON.stringify(signer)).not.toContain(secret);
    for (const broken of [
      skey.slice(0, -1),
      `${skey}=`,
      skey.replace('log.', 'lag.'),
      skey.slice(8),
    ]) {
      const { code, message } = faultOf(() => parseSignerKey(broken));
      expect(code).toBe('key_malformed');
      expect(message).not.toContain(skey.slice(-30, -2));
    }
  });
});

describe('keys', () => {
  it('are generated at random', () => {
    const keys = [1, 2, 3].map(() => generateSignerKey('a'));
    expect(new Set(keys).size).toBe(3);
    expect(parseSignerKey(keys[0] as string).verifier.timed).toBe(false);
  });

  it('split at the first two pluses, since base64 has more', () => {
    for (let fill = 0; fill < 256; fill += 1) {
      const { vkey } = parseSignerKey(
        generateSignerKey('a', 'ed25519', new Uint8Array(32).fill(fill)),
      ).verifier;
      expect(parseVerifierKey(vkey).vkey).toBe(vkey);
    }
  });

  it('of the example in Go, which made this form, are read', () => {
    const skey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
    const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    expect(parseSignerKey(skey).verifier.vkey).toBe(vkey);
    const key = fromBase64(vkey.split('+').slice(2).join('+'));
    expect(noteKeyId('PeterNeumann', 1, key.subarray(1)).toString(16)).toBe('c74f20a3');
  });

  it('are refused with the reason', () => {
    const cases: [string, string][] = [
      ['', 'verifier key: expected name+key ID+base64, got ""'],
      ['a+b', 'verifier key: expected name+key ID+base64, got "a+b"'],
      ['+00000000+AAAA', 'verifier key: expected name+key ID+base64, got "+00000000+AAAA"'],
      ['a b+00000000+AAAA', 'verifier key: expected name+key ID+base64, got "a b+00000000+AAAA"'],
      [
        'a+0000000A+AAAA',
        'verifier key "a": expected a key ID of 8 lower-case hex digits, got "0000000A"',
      ],
      ['a+00000000+AAA', 'verifier key "a": the key is not base64'],
      ['a+00000000+', 'verifier key "a": the key is empty'],
      ['a+00000000+AQID', 'verifier key "a": expected 32 bytes, got 2'],
      ['a+00000000+BgID', 'verifier key "a": expected 1312 bytes, got 2'],
    ];
    for (const [vkey, message] of cases) {
      expect(faultOf(() => parseVerifierKey(vkey))).toEqual({ code: 'key_malformed', message });
    }
    expect(faultOf(() => parseVerifierKey('a+00000000+AgID'))).toEqual({
      code: 'key_unsupported',
      message: 'key "a": expected type 1, 4, 6, got 2',
    });
    expect(faultOf(() => parseSignerKey('PRIVATE+KEY+a+00000000+AQID'))).toEqual({
      code: 'key_malformed',
      message: 'signer key "a": expected 32 bytes, got 2',
    });
    expect(faultOf(() => parseSignerKey('a+00000000+AQID'))).toEqual({
      code: 'key_malformed',
      message: 'signer key: expected it to start with PRIVATE+KEY+',
    });
    for (const name of ['', 'a b', 'a+b', 'a\u2028b', 'a\nb', '\ud800']) {
      expect(faultOf(() => generateSignerKey(name))).toEqual({
        code: 'key_malformed',
        message: `key name: expected no white space, control character or plus, got ${JSON.stringify(name)}`,
      });
    }
    expect(() => generateSignerKey('a', 'ed25519', new Uint8Array(31))).toThrow(
      new RangeError('seed: expected 32 bytes, got 31'),
    );
  });

  it('say what the runtime can verify', () => {
    expect(CAPABILITIES).toEqual({ mlDsa44: true });
  });
});
