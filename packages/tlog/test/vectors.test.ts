/**
 * The vectors of testdata/vectors.json: Merkle inputs are the reference leaves of the certificate
 * transparency code base, the rest was made for this project with independent tools.
 */
import { describe, expect, it } from 'vitest';
import vectors from '../../../testdata/vectors.json' with { type: 'json' };
import {
  canonicalize,
  checkConsistency,
  checkInclusion,
  checkTlogProof,
  CompactRange,
  cosignatureMessage,
  formatAddCheckpoint,
  formatEntriesPath,
  formatNote,
  formatSignatureLine,
  formatTilePath,
  formatTlogProof,
  fromBase64,
  fromHex,
  fromUtf8,
  generateSignerKey,
  leafHash,
  openCheckpoint,
  parseAddCheckpoint,
  parseCanonical,
  parseCosignature,
  parseEntriesPath,
  parseNote,
  parseSignatureLines,
  parseSignerKey,
  parseTilePath,
  parseTlogProof,
  parseVerifierKey,
  proveConsistency,
  proveInclusion,
  sha256,
  signNote,
  subtreeMessage,
  tilesForSize,
  toBase64,
  toHex,
  treeHash,
  utf8,
} from '../src/index.ts';
import { memoryReader } from './memory-reader.ts';

const { merkle, note_ed25519: note, cosignature_ed25519: cosignature } = vectors;

describe('merkle', () => {
  const leaves = merkle.leafInputsHex.map((input) => leafHash(fromHex(input)));
  const roots = merkle.roots.map(fromHex);
  const reader = memoryReader(leaves);

  it('hashes the reference leaves', () => {
    expect(leaves.map(toHex)).toEqual(merkle.leafHashesHex);
  });

  it('has the reference roots', async () => {
    const range = new CompactRange();
    expect(toHex(range.root())).toBe(merkle.roots[0]);
    for (const [index, leaf] of leaves.entries()) {
      range.append(leaf);
      expect(toHex(range.root())).toBe(merkle.roots[index + 1]);
      expect(toHex(await treeHash(index + 1, reader))).toBe(merkle.roots[index + 1]);
    }
  });

  it('makes and accepts the reference inclusion proofs', async () => {
    for (const { index, size, proof } of merkle.inclusion) {
      expect((await proveInclusion(index, size, reader)).map(toBase64)).toEqual(proof);
      const [root, leaf] = [roots[size], leaves[index]];
      if (root === undefined || leaf === undefined) throw new Error('vector out of range');
      checkInclusion(proof.map(fromBase64), index, size, root, leaf);
    }
  });

  it('makes and accepts the reference consistency proofs', async () => {
    for (const { from, to, proof } of merkle.consistency) {
      expect((await proveConsistency(from, to, reader)).map(toBase64)).toEqual(proof);
      const [fromRoot, toRoot] = [roots[from], roots[to]];
      if (fromRoot === undefined || toRoot === undefined) throw new Error('vector out of range');
      checkConsistency(proof.map(fromBase64), from, to, fromRoot, toRoot);
    }
  });
});

describe('note', () => {
  const signer = parseSignerKey(generateSignerKey(note.logName, 'ed25519', fromHex(note.seedHex)));

  it('derives the key', () => {
    expect(signer.verifier.vkey).toBe(note.vkey);
    expect(parseVerifierKey(note.vkey).keyId).toBe(signer.keyId);
  });

  it('signs, formats and opens the note', () => {
    const signed = signNote(note.text, [signer]);
    expect(signed).toBe(`${note.text}\n${note.signatureLine}`);
    const opened = openCheckpoint(utf8(signed), note.logName, [parseVerifierKey(note.vkey)]);
    expect(opened.size).toBe(8);
    expect(toHex(opened.root)).toBe(merkle.roots[8]);
    expect(formatNote(parseNote(signed))).toBe(signed);
  });
});

describe('cosignature', () => {
  it('is made with Ed25519', () => {
    const signer = parseSignerKey(
      generateSignerKey(
        cosignature.witnessName,
        'ed25519-cosignature',
        fromHex(cosignature.seedHex),
      ),
      { now: () => cosignature.timestamp * 1000 + 999 },
    );
    expect(signer.verifier.vkey).toBe(cosignature.vkey);
    const text = utf8(note.text);
    expect(fromUtf8(cosignatureMessage(text, cosignature.timestamp))).toBe(
      cosignature.signedMessage,
    );
    const signature = signer.sign(text);
    expect(formatSignatureLine({ ...signer, signature })).toBe(cosignature.signatureLine);
    expect(parseVerifierKey(cosignature.vkey).verify(text, signature)).toBe(true);
    expect(parseCosignature(signature).time).toBe(cosignature.timestamp);
  });

  it('signs the structure of ML-DSA-44', () => {
    const vector = vectors.cosignature_mldsa44;
    const message = subtreeMessage({
      cosigner: vector.cosignerName,
      time: vector.timestamp,
      origin: note.logName,
      start: 0,
      end: 8,
      hash: fromHex(merkle.roots[8] ?? ''),
    });
    expect(toHex(message)).toBe(vector.signedMessageHex);
  });

  it('has the key of ML-DSA-44', () => {
    const vector = vectors.cosignature_mldsa44;
    const signer = parseSignerKey(
      generateSignerKey(vector.cosignerName, 'ml-dsa-44', fromHex(vector.seedHex)),
      { now: () => vector.timestamp * 1000 },
    );
    expect(signer.keyId.toString(16)).toBe(vector.keyIdHex);
    const key = fromBase64(signer.verifier.vkey.split('+').slice(2).join('+'));
    expect(toHex(sha256(key.subarray(1)))).toBe(vector.publicKeySha256);
    const signature = signer.sign(utf8(note.text));
    expect(formatSignatureLine({ ...signer, signature }).length).toBe(vector.signatureLineLength);
    expect(signer.verifier.verify(utf8(note.text), signature)).toBe(true);
  });
});

describe('proof', () => {
  it('is read, checked and written', () => {
    const { file } = vectors.tlog_proof;
    const proof = parseTlogProof(file);
    expect(formatTlogProof(proof)).toBe(file);
    const checked = checkTlogProof(proof, leafHash(fromHex(merkle.leafInputsHex[3] ?? '')), {
      origin: note.logName,
      verifiers: [parseVerifierKey(note.vkey)],
      witnesses: [parseVerifierKey(cosignature.vkey)],
    });
    expect(checked.index).toBe(3);
    expect(checked.cosigners.map(({ name, time }) => ({ name, time }))).toEqual([
      { name: cosignature.witnessName, time: cosignature.timestamp },
    ]);
  });
});

describe('witness', () => {
  it('is asked in its format and answers with signature lines', () => {
    const { body, response200: response } = vectors.add_checkpoint_request;
    const request = parseAddCheckpoint(body);
    expect(request.old).toBe(3);
    expect(formatAddCheckpoint(request)).toBe(body);
    const { root } = openCheckpoint(request.checkpoint, note.logName, [
      parseVerifierKey(note.vkey),
    ]);
    checkConsistency(request.proof, request.old, 8, fromHex(merkle.roots[3] ?? ''), root);
    const [signature] = parseSignatureLines(response);
    const text = utf8(parseNote(request.checkpoint).text);
    expect(parseVerifierKey(cosignature.vkey).verify(text, signature?.signature ?? utf8(''))).toBe(
      true,
    );
  });
});

describe('tile', () => {
  it('has the reference paths', () => {
    for (const { n, path } of vectors.tile_paths) {
      expect(formatTilePath({ level: 0, index: n, width: 256 })).toBe(`tile/0/${path}`);
      expect(formatEntriesPath(n, 256)).toBe(`tile/entries/${path}`);
      expect(parseTilePath(`tile/3/${path}.p/7`)).toEqual({ level: 3, index: n, width: 7 });
      expect(parseEntriesPath(`tile/entries/${path}.p/255`)).toEqual({ index: n, width: 255 });
    }
  });

  it('has the reference tiles of a size', () => {
    for (const { size, tiles } of vectors.tiles_for_size) {
      const levels = new Map<number, { level: number; full: number; partial: number }>();
      for (const { level, width } of tilesForSize(size)) {
        const summary = levels.get(level) ?? { level, full: 0, partial: 0 };
        if (width === 256) summary.full += 1;
        else summary.partial = width;
        levels.set(level, summary);
      }
      expect([...levels.values()]).toEqual(tiles);
    }
  });
});

describe('event leaf', () => {
  it('has its bytes and its hash', () => {
    const { jcs, bytes, leafHashHex } = vectors.event_leaf;
    expect(utf8(jcs).length).toBe(bytes);
    expect(canonicalize(parseCanonical(utf8(jcs)))).toBe(jcs);
    expect(toHex(leafHash(utf8(jcs)))).toBe(leafHashHex);
  });

  it('is the canonical spelling of the disclosure', () => {
    const { saltB64url, path, value, disclosureJcs } = vectors.commitment;
    expect(canonicalize([saltB64url, path, value])).toBe(disclosureJcs);
  });
});
