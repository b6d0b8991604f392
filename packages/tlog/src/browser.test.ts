/** The package as a browser has it: the other platform, and no ML-DSA. */
import { describe, expect, it, vi } from 'vitest';
import mlDsa from '../test/data/ml-dsa-44.json' with { type: 'json' };
import vectors from '../../../testdata/vectors.json' with { type: 'json' };
import { faultOf } from '../test/one-spelling.ts';
import {
  CAPABILITIES,
  checkTlogProof,
  fromHex,
  generateSignerKey,
  leafHash,
  openCheckpoint,
  openNote,
  parseSignerKey,
  parseTlogProof,
  parseVerifierKey,
  signNote,
} from './index.ts';

vi.mock('#platform', () => import('./platform/browser.ts'));

const { note_ed25519: note, cosignature_ed25519: cosignature, merkle } = vectors;
const log = parseVerifierKey(note.vkey);
const logMlDsa = parseVerifierKey(mlDsa.vkey);

describe('in a browser', () => {
  it('the capability is named', () => {
    expect(CAPABILITIES).toEqual({ mlDsa44: false });
    expect(logMlDsa).toMatchObject({ supported: false, timed: true, vkey: mlDsa.vkey });
    expect(log.supported).toBe(true);
  });

  it('a proof is checked with its witnesses', () => {
    const leaf = leafHash(fromHex(merkle.leafInputsHex[3] ?? ''));
    const checked = checkTlogProof(parseTlogProof(vectors.tlog_proof.file), leaf, {
      verifiers: [log, logMlDsa],
      witnesses: [parseVerifierKey(cosignature.vkey)],
    });
    expect(checked.cosigners.map(({ time }) => time)).toEqual([cosignature.timestamp]);
  });

  it('a signature of ML-DSA stays unverified beside a valid one of Ed25519', () => {
    const text = `${note.text}\n${note.signatureLine}${mlDsa.signatureLine}`;
    const opened = openCheckpoint(text, note.logName, [log, logMlDsa]);
    expect(opened.note.verified.map(({ keyId }) => keyId)).toEqual([log.keyId]);
    expect(opened.note.unverified.map(({ keyId }) => keyId)).toEqual([logMlDsa.keyId]);
  });

  it('a signature of ML-DSA alone is not enough', () => {
    const text = `${note.text}\n${mlDsa.signatureLine}`;
    expect(faultOf(() => openNote(text, [log, logMlDsa])).code).toBe('note_unsigned');
  });

  it('keys of Ed25519 sign, and keys of ML-DSA are refused', () => {
    const signer = parseSignerKey(
      generateSignerKey(note.logName, 'ed25519', fromHex(note.seedHex)),
    );
    expect(signNote(note.text, [signer])).toBe(`${note.text}\n${note.signatureLine}`);
    expect(faultOf(() => generateSignerKey('a', 'ml-dsa-44'))).toEqual({
      code: 'key_unsupported',
      message: 'this runtime has no ml-dsa-44',
    });
  });
});
