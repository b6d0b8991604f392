import { beforeAll, describe, expect, it } from 'vitest';
import { memoryReader } from '../test/memory-reader.ts';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  checkTlogProof,
  formatCheckpoint,
  formatTlogProof,
  generateSignerKey,
  leafHash,
  parseSignerKey,
  parseTlogProof,
  proveInclusion,
  signNote,
  treeHash,
  utf8,
  type CheckProofOptions,
  type NoteAlgorithm,
  type NoteSigner,
  type TlogProof,
} from './index.ts';

const NOW = 1_767_225_600;
const signerOf = (name: string, algorithm: NoteAlgorithm, fill: number): NoteSigner =>
  parseSignerKey(generateSignerKey(name, algorithm, new Uint8Array(32).fill(fill)), {
    now: () => NOW * 1000,
  });

const log = signerOf('log.example', 'ed25519', 1);
const logMlDsa = signerOf('log.example', 'ml-dsa-44', 2);
const north = signerOf('north.example', 'ed25519-cosignature', 3);
const northMlDsa = signerOf('north.example', 'ml-dsa-44', 4);
const south = signerOf('south.example', 'ml-dsa-44', 5);

const leaves = Array.from({ length: 20 }, (_, index) => leafHash(utf8(`leaf ${index}`)));
const reader = memoryReader(leaves);
const leafAt = (index: number) => leaves[index] as Uint8Array;

async function proofOf(
  index: number,
  signers: NoteSigner[],
  origin = 'log.example',
): Promise<TlogProof> {
  const root = await treeHash(20, reader);
  const text = formatCheckpoint({ origin, size: 20, root, extensions: [] });
  return {
    index,
    hashes: await proveInclusion(index, 20, reader),
    checkpoint: signNote(text, signers),
  };
}

describe('a proof', () => {
  let proof: TlogProof;
  beforeAll(async () => {
    proof = await proofOf(11, [log, north]);
  });

  it('has one spelling, up to the checkpoint, which is kept as it is', () => {
    const short = { ...proof, checkpoint: 'x' };
    expect(
      checkOneSpelling(formatTlogProof(short), parseTlogProof, formatTlogProof),
    ).toBeGreaterThan(0);
    const withExtra = { ...short, extra: utf8('more'), hashes: [] };
    expect(parseTlogProof(formatTlogProof(withExtra))).toEqual(withExtra);
    checkOneSpelling(formatTlogProof(withExtra), parseTlogProof, formatTlogProof);
    const emptyExtra = { ...withExtra, extra: new Uint8Array(0) };
    expect(parseTlogProof(formatTlogProof(emptyExtra))).toEqual(emptyExtra);
  });

  it('is accepted for its leaf', () => {
    const text = formatTlogProof(proof);
    const checked = checkTlogProof(parseTlogProof(text), leafAt(11), {
      verifiers: [log.verifier],
      witnesses: [north.verifier],
    });
    expect(checked).toMatchObject({
      index: 11,
      checkpoint: { origin: 'log.example', size: 20 },
      cosigners: [{ name: 'north.example', keyId: north.keyId, time: NOW }],
    });
  });

  it('is refused after any change of one character', () => {
    const text = formatTlogProof(proof);
    const options = { verifiers: [log.verifier], witnesses: [north.verifier] };
    let refused = 0;
    for (let i = 0; i < text.length; i += 1) {
      for (const bit of [1, 2, 32]) {
        const code = text.charCodeAt(i) ^ bit;
        const changed = text.slice(0, i) + String.fromCharCode(code) + text.slice(i + 1);
        faultOf(() => checkTlogProof(parseTlogProof(changed), leafAt(11), options));
        refused += 1;
      }
      faultOf(() => checkTlogProof(parseTlogProof(text.slice(0, i)), leafAt(11), options));
    }
    expect(refused).toBe(3 * text.length);
  });

  it('is refused for another leaf and another index', () => {
    const options = { verifiers: [log.verifier] };
    expect(faultOf(() => checkTlogProof(proof, leafAt(12), options)).code).toBe(
      'inclusion_invalid',
    );
    expect(faultOf(() => checkTlogProof({ ...proof, index: 12 }, leafAt(11), options)).code).toBe(
      'inclusion_invalid',
    );
  });

  it('is refused without the signature of the log, whoever else has signed', async () => {
    const cosigned = await proofOf(3, [north, south]);
    const options = {
      verifiers: [log.verifier],
      witnesses: [north.verifier, south.verifier],
    };
    expect(faultOf(() => checkTlogProof(cosigned, leafAt(3), options)).code).toBe('note_unsigned');
  });

  it('is refused for another origin: by default the key must have its name', async () => {
    const other = await proofOf(3, [log], 'other.example');
    const options = { verifiers: [log.verifier] };
    expect(faultOf(() => checkTlogProof(other, leafAt(3), options))).toEqual({
      code: 'checkpoint_origin_mismatch',
      message: 'checkpoint origin: expected "log.example", got "other.example"',
    });
    expect(
      checkTlogProof(other, leafAt(3), { ...options, origin: 'other.example' }).checkpoint.size,
    ).toBe(20);
    expect(
      faultOf(() => checkTlogProof(proof, leafAt(11), { ...options, origin: 'other.example' }))
        .code,
    ).toBe('checkpoint_origin_mismatch');
  });

  it('is refused when a signature of a known witness fails', async () => {
    const [mine, other] = [await proofOf(3, [log, south]), await proofOf(3, [north])];
    const line = other.checkpoint.split('\n').at(-2) ?? '';
    const forged = {
      ...mine,
      checkpoint: `${mine.checkpoint}${line.replace(/.{8}$/, 'AAAAAAA=')}\n`,
    };
    expect(checkTlogProof(forged, leafAt(3), { verifiers: [log.verifier] }).index).toBe(3);
    const options = { verifiers: [log.verifier], witnesses: [north.verifier, south.verifier] };
    expect(faultOf(() => checkTlogProof(forged, leafAt(3), { ...options, quorum: 1 })).code).toBe(
      'note_signature_invalid',
    );
  });

  describe('with witnesses', () => {
    const witnesses = [north.verifier, northMlDsa.verifier, south.verifier];
    const check = (of: TlogProof, options: Partial<CheckProofOptions>) =>
      checkTlogProof(of, leafAt(3), { verifiers: [log.verifier], witnesses, ...options });

    it('needs all of them by default, or as many as the quorum says', async () => {
      const all = await proofOf(3, [log, north, south]);
      expect(check(all, {}).cosigners.length).toBe(2);
      const one = await proofOf(3, [log, south]);
      expect(check(one, { quorum: 1 }).cosigners.map(({ name }) => name)).toEqual([
        'south.example',
      ]);
      expect(faultOf(() => check(one, {}))).toEqual({
        code: 'quorum_missing',
        message: 'expected cosignatures of 2 witnesses, got 1',
      });
      expect(check(await proofOf(3, [log]), { quorum: 0 }).cosigners).toEqual([]);
    });

    it('counts a witness once, however many keys it signs with', async () => {
      const twice = await proofOf(3, [log, north, northMlDsa]);
      expect(check(twice, { quorum: 1 }).cosigners.length).toBe(2);
      expect(faultOf(() => check(twice, { quorum: 2 })).message).toBe(
        'expected cosignatures of 2 witnesses, got 1',
      );
    });

    it('does not count the log as its own witness', async () => {
      const selfSigned = await proofOf(3, [log, logMlDsa]);
      const fault = faultOf(() =>
        check(selfSigned, {
          verifiers: [log.verifier, logMlDsa.verifier],
          witnesses: [logMlDsa.verifier],
        }),
      );
      expect(fault.code).toBe('quorum_missing');
    });

    it('refuses a quorum that cannot be, and keys that state no time', async () => {
      const all = await proofOf(3, [log, north, south]);
      for (const quorum of [-1, 3, 0.5]) {
        expect(() => check(all, { quorum })).toThrow(
          new RangeError(`quorum: expected an integer from 0 to 2, got ${quorum}`),
        );
      }
      expect(() => check(all, { witnesses: [log.verifier] })).toThrow(
        new TypeError('witness "log.example": expected a key for cosignatures'),
      );
    });
  });

  it('says what is malformed', () => {
    const hash = 'A'.repeat(43);
    const head = 'c2sp.org/tlog-proof@v1';
    const cases: [string, string][] = [
      ['', 'proof: no blank line before the checkpoint'],
      [`${head}\nindex 1\n\n`, 'proof: no checkpoint'],
      ['x\nindex 1\n\nc', `proof: expected the first line ${head}, got "x"`],
      [`${head}\n\nc`, 'proof: expected a line "index <number>", got ""'],
      [`${head}\nextra\nindex 1\n\nc`, 'proof: expected a line "index <number>", got "extra"'],
      [`${head}\nindex 1\nextra AA==\n\nc`, 'proof: hash: expected base64, got "extra AA=="'],
      [`${head}\nextra AA\nindex 1\n\nc`, 'proof: extra: expected base64, got "AA"'],
      [
        `${head}\nindex 01\n\nc`,
        'proof: index: expected a decimal number without leading zeros, got "01"',
      ],
      [`${head}\nindex 1\nAAAA\n\nc`, 'proof: hash: expected 32 bytes, got 3'],
      [
        `${head}\nindex 1\n${`${hash}=\n`.repeat(65)}\nc`,
        'proof: expected at most 64 hashes, got 65',
      ],
      [
        `${head}\nindex 1\n\n${'c'.repeat(1_048_577)}`,
        'proof: checkpoint: expected at most 1048576 bytes, got 1048577',
      ],
    ];
    for (const [text, message] of cases) {
      expect(faultOf(() => parseTlogProof(text))).toEqual({ code: 'proof_malformed', message });
    }
    expect(faultOf(() => parseTlogProof(`${head}\nindex 18446744073709551615\n\nc`))).toEqual({
      code: 'number_too_large',
      message: 'index: expected at most 9007199254740991, got "18446744073709551615"',
    });
    for (const change of [{ index: -1 }, { hashes: [new Uint8Array(3)] }, { checkpoint: '' }]) {
      expect(faultOf(() => formatTlogProof({ ...proof, ...change })).code).toBe('proof_malformed');
    }
  });
});
