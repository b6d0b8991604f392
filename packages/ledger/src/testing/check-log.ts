/**
 * Verifies a whole log anew, slowly and by other means than `verifyLog`: a recursive tree over all entries, every
 * content, every number, every proof of a small log. For tests, after every step.
 */
import assert from 'node:assert/strict';
import { parseContent } from '@countersign/records';
import {
  checkTlogProof,
  EMPTY_ROOT,
  equalBytes,
  leafHash,
  nodeHash,
  openCheckpoint,
  parseEntryBundle,
  sha256,
  tilesForSize,
  toBase64,
  type Hash,
  type NoteVerifier,
} from '@countersign/tlog';
import type { Layout } from '../layout.ts';
import { openLogReader } from '../reader.ts';

export interface CheckLogOptions {
  readonly origin?: string;
  readonly layout?: Layout;
  /** Records up to which every proof is checked, not only some. */
  readonly proveAll?: number;
}

/** Throws an AssertionError unless the published log has this size and everything in it is right. */
export async function checkLog(
  dir: string,
  verifiers: readonly NoteVerifier[],
  size: number,
  { origin = verifiers[0]?.name ?? '', layout, proveAll = 64 }: CheckLogOptions = {},
): Promise<void> {
  const reader = await openLogReader({ dir, ...(layout === undefined ? {} : { layout }) });
  try {
    const note = await reader.checkpoint();
    const checkpoint = openCheckpoint(note, origin, verifiers);
    assert.equal(checkpoint.size, size, 'size of the checkpoint');
    assert.equal(await reader.size(), size, 'size of the log');

    const leaves: Hash[] = [];
    const numbers = new Map<string, number>();
    for await (const records of reader.readRange(0, size)) {
      for (const { index, envelope, envelopeBytes, salt, contentBytes } of records) {
        assert.equal(index, leaves.length, 'indexes follow one another');
        leaves.push(leafHash(envelopeBytes));
        const expected = (numbers.get(envelope.producer) ?? 0) + 1;
        assert.equal(envelope.seq, expected, `number of record ${index} by ${envelope.producer}`);
        numbers.set(envelope.producer, expected);
        if (contentBytes === null) continue;
        const digest = toBase64(sha256(Buffer.concat([salt, contentBytes])));
        assert.equal(digest, envelope.digest, `digest of record ${index}`);
        parseContent(contentBytes);
      }
    }
    assert.equal(leaves.length, size, 'records read');
    assert.ok(equalBytes(root(leaves), checkpoint.root), 'the root is that of all entries');

    for (const tile of tilesForSize(size)) {
      const width = 256 ** tile.level;
      const bytes = await reader.tile(tile);
      assert.equal(bytes.length, tile.width * 32, 'length of a tile');
      for (let i = 0; i < tile.width; i += 1) {
        const first = (tile.index * 256 + i) * width;
        const expected = root(leaves.slice(first, first + width));
        assert.ok(
          equalBytes(bytes.subarray(i * 32, i * 32 + 32), expected),
          `tile ${tile.level}/${tile.index}`,
        );
      }
      if (tile.level > 0) continue;
      const bundle = await reader.entryBundle(tile.index, tile.width);
      for (const [i, entry] of parseEntryBundle(bundle, tile.width).entries()) {
        assert.ok(
          equalBytes(leafHash(entry), leaves[tile.index * 256 + i] as Hash),
          'entry bundle',
        );
      }
    }

    const step = size <= proveAll ? 1 : Math.ceil(size / 16);
    for (let index = 0; index < size; index += step) {
      const proof = await reader.prove(index);
      checkTlogProof(proof, leaves[index] as Hash, { origin, verifiers });
    }
  } finally {
    reader.close();
  }
}

/** MTH of RFC 6962 section 2.1, as it is written there. */
function root(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leaves[0] as Hash;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(root(leaves.slice(0, split)), root(leaves.slice(split)));
}
