import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../encoding.ts';
import * as browser from './browser.ts';
import * as node from './node.ts';
import type { Platform, SignatureScheme } from './platform.ts';

const platforms: [string, Platform][] = [
  ['node', node],
  ['browser', browser],
];

/** RFC 8032 section 7.1, tests 1 to 3. */
const ED25519 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    key: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
];

/** Order of the curve's group, little-endian. */
const GROUP_ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';

describe.each(platforms)('platform %s', (_, { sha256, ed25519 }) => {
  it('has the SHA-256 of FIPS 180-4', () => {
    expect(toHex(sha256(utf8('abc')))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
    expect(toHex(sha256(utf8('')))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(toHex(sha256(utf8('a'.repeat(1_000_000))))).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    );
  });

  it('returns plain bytes that own their memory', () => {
    const hash = sha256(utf8('abc'));
    expect(hash.constructor).toBe(Uint8Array);
    expect(hash.buffer.byteLength).toBe(32);
    const signature = ed25519.signer(new Uint8Array(32))(utf8('abc'));
    expect(signature.constructor).toBe(Uint8Array);
  });

  it('signs and verifies as RFC 8032 does', () => {
    for (const { seed, key, message, signature } of ED25519) {
      expect(toHex(ed25519.publicKey(fromHex(seed)))).toBe(key);
      expect(toHex(ed25519.signer(fromHex(seed))(fromHex(message)))).toBe(signature);
      const verify = ed25519.verifier(fromHex(key));
      expect(verify(fromHex(message), fromHex(signature))).toBe(true);
      expect(verify(fromHex(`${message}00`), fromHex(signature))).toBe(false);
    }
  });

  it('refuses every changed byte of a signature', () => {
    const { key, message, signature } = ED25519[1] as (typeof ED25519)[1];
    const verify = ed25519.verifier(fromHex(key));
    const bytes = fromHex(signature);
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = bytes.with(i, (bytes[i] as number) ^ (1 << (i % 8)));
      expect(verify(fromHex(message), changed)).toBe(false);
    }
    expect(verify(fromHex(message), bytes.subarray(1))).toBe(false);
    expect(verify(fromHex(message), new Uint8Array([...bytes, 0]))).toBe(false);
    expect(verify(fromHex(message), new Uint8Array(0))).toBe(false);
  });

  it('refuses the second spelling of a signature, S plus the order of the group', () => {
    const { key, message, signature } = ED25519[1] as (typeof ED25519)[1];
    const bytes = fromHex(signature);
    let carry = 0;
    for (const [i, digit] of fromHex(GROUP_ORDER).entries()) {
      const sum = (bytes[32 + i] as number) + digit + carry;
      bytes[32 + i] = sum & 0xff;
      carry = sum >> 8;
    }
    expect(ed25519.verifier(fromHex(key))(fromHex(message), bytes)).toBe(false);
  });

  it('verifies nothing under bytes that are no key', () => {
    for (const key of ['ff'.repeat(32), `02${'00'.repeat(31)}`]) {
      const verify = ed25519.verifier(fromHex(key));
      expect(verify(utf8('a'), fromHex(ED25519[0]?.signature ?? ''))).toBe(false);
    }
  });

  it('keeps the key it was given when the caller clears the bytes', () => {
    const { seed, key, message, signature } = ED25519[2] as (typeof ED25519)[2];
    const seedBytes = fromHex(seed);
    const keyBytes = fromHex(key);
    const sign = ed25519.signer(seedBytes);
    const verify = ed25519.verifier(keyBytes);
    seedBytes.fill(0);
    keyBytes.fill(0);
    expect(toHex(sign(fromHex(message)))).toBe(signature);
    expect(verify(fromHex(message), fromHex(signature))).toBe(true);
  });

  it('refuses keys of another length', () => {
    expect(() => ed25519.publicKey(new Uint8Array(31))).toThrow(
      new RangeError('seed: expected 32 bytes, got 31'),
    );
    expect(() => ed25519.signer(new Uint8Array(33))).toThrow(
      new RangeError('seed: expected 32 bytes, got 33'),
    );
    expect(() => ed25519.verifier(new Uint8Array(31))).toThrow(
      new RangeError('public key: expected 32 bytes, got 31'),
    );
  });
});

describe('platforms', () => {
  it('agree on signatures and hashes', () => {
    for (let i = 0; i < 20; i += 1) {
      const seed = node.sha256(utf8(`seed ${i}`));
      const message = utf8('m'.repeat(i * 17));
      expect(browser.sha256(message)).toEqual(node.sha256(message));
      expect(browser.ed25519.publicKey(seed)).toEqual(node.ed25519.publicKey(seed));
      expect(browser.ed25519.signer(seed)(message)).toEqual(node.ed25519.signer(seed)(message));
    }
  });

  it('have ML-DSA-44 in Node alone', () => {
    expect(browser.mlDsa44).toBeNull();
    const scheme = node.mlDsa44 as SignatureScheme; // the pinned Node has it
    const seed = new Uint8Array(32).fill(7);
    const key = scheme.publicKey(seed);
    expect(key.length).toBe(1312);
    const signature = scheme.signer(seed)(utf8('message'));
    expect(signature.length).toBe(2420);
    const verify = scheme.verifier(key);
    expect(verify(utf8('message'), signature)).toBe(true);
    expect(verify(utf8('massage'), signature)).toBe(false);
    for (let i = 0; i < signature.length; i += 97) {
      const changed = signature.with(i, (signature[i] as number) ^ 1);
      expect(verify(utf8('message'), changed)).toBe(false);
    }
    expect(verify(utf8('message'), signature.subarray(1))).toBe(false);
  });
});
