import {
  CompactRange,
  formatCheckpoint,
  formatTilePath,
  generateSignerKey,
  leafHash,
  parseSignerKey,
  parseTilePath,
  signNote,
  utf8,
} from '@countersign/tlog';
import { expect, test } from 'vitest';
import { checkGrowth } from './consistency.ts';

const origin = 'log.example/test';
const signer = parseSignerKey(generateSignerKey(origin, 'ed25519', new Uint8Array(32).fill(7)));
const stranger = parseSignerKey(generateSignerKey(origin, 'ed25519', new Uint8Array(32).fill(8)));

/** A small log: its checkpoints, and its level 0 tile of any width. */
function log(size: number, mark = '') {
  const range = new CompactRange();
  const leaves = Array.from({ length: size }, (_, n) => leafHash(utf8(`${mark}${n}`)));
  for (const leaf of leaves) range.append(leaf);
  const text = formatCheckpoint({ origin, size, root: range.root(), extensions: [] });
  const readTile = (path: string) => {
    const { level, width } = parseTilePath(path);
    expect(level).toBe(0);
    const bytes = new Uint8Array(width * 32);
    for (const [n, leaf] of leaves.slice(0, width).entries()) bytes.set(leaf, n * 32);
    return Promise.resolve(bytes);
  };
  return { note: signNote(text, [signer]), foreign: signNote(text, [stranger]), readTile };
}

const { vkey } = signer.verifier;

test('the first sight of a log is remembered', async () => {
  const now = log(5);
  expect((await checkGrowth(null, now.note, vkey, now.readTile)).kind).toBe('first');
});

test('a log that grew, or stayed, is the same log', async () => {
  for (const [from, to] of [
    [1, 2],
    [4, 9],
    [100, 200],
  ] as const) {
    const now = log(to);
    const result = await checkGrowth(log(from).note, now.note, vkey, now.readTile);
    expect(result).toMatchObject({ kind: 'extended', from, to });
  }
  const now = log(5);
  expect((await checkGrowth(now.note, now.note, vkey, now.readTile)).kind).toBe('same');
});

test('a log that was rolled back is found out', async () => {
  const now = log(5);
  expect(await checkGrowth(log(9).note, now.note, vkey, now.readTile)).toEqual({
    kind: 'failed',
    detail:
      'The log has 5 records; this browser has seen a signed checkpoint of 9. Records were taken away.',
  });
});

test('a log whose past was changed is found out, at the same size and at a greater one', async () => {
  const same = log(9, 'other ');
  expect((await checkGrowth(log(9).note, same.note, vkey, same.readTile)).kind).toBe('failed');
  const grown = log(12, 'other ');
  const result = await checkGrowth(log(9).note, grown.note, vkey, grown.readTile);
  expect(result.kind).toBe('failed');
  expect(result.detail).toContain('does not begin with the 9');
});

test('a checkpoint by another key is refused', async () => {
  const now = log(5);
  const result = await checkGrowth(null, now.foreign, vkey, now.readTile);
  expect(result.kind).toBe('failed');
  expect(result.detail).toContain('not signed by the pinned key');
});

test('tiles that cannot be read prove nothing either way', async () => {
  const result = await checkGrowth(log(4).note, log(9).note, vkey, () =>
    Promise.reject(new Error('HTTP 503')),
  );
  expect(result).toEqual({
    kind: 'unknown',
    detail: 'The tiles of the log could not be read: HTTP 503.',
  });
});

test('tiles are asked for by their paths', () => {
  expect(formatTilePath({ level: 0, index: 0, width: 9 })).toBe('tile/0/000.p/9');
});
