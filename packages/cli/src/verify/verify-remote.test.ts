import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { expect, test } from 'vitest';
import { createSmallLog, type SmallLog } from '../testing/small-log.ts';
import type { RemoteLog } from './remote-log.ts';
import { verifyRemote } from './verify-remote.ts';

const SIZE = 600;
const log = createSmallLog(
  Array.from(
    { length: SIZE },
    (_, i) => [i % 2 === 0 ? 'even' : 'odd', Math.floor(i / 2) + 1] as const,
  ),
);

function verify(target: SmallLog = log, remote: RemoteLog = target.remote(), since?: string) {
  const { verifier, name } = target.signer;
  return verifyRemote({
    log: remote,
    origin: name,
    verifiers: [verifier],
    ...(since !== undefined && { since }),
  });
}

test('an honest log verifies, and the verdict says what nobody outside can know', async () => {
  const verdict = await verify();
  expect(verdict).toMatchObject({ ok: true, size: SIZE, problems: [] });
  expect(verdict.axes.integrity.verdict).toBe('partial');
  expect(verdict.axes.integrity.summary).toContain('contents are private');
  expect(verdict.axes.completeness.verdict).toBe('partial');
  expect(verdict.axes.completeness.evidence).toContain('producer "odd": numbers 1 to 300');
  expect(verdict.axes.independence.verdict).toBe('unverifiable');
});

test('with an older checkpoint the log is shown to contain it', async () => {
  const verdict = await verify(log, log.remote(), log.checkpoint(257));
  expect(verdict.ok).toBe(true);
  expect(verdict.axes.completeness.verdict).toBe('verified');
});

test('an empty log verifies', async () => {
  expect(await verify(createSmallLog([]))).toMatchObject({ ok: true, size: 0 });
});

test('a log that was cut off is told from an older checkpoint', async () => {
  const verdict = await verify(
    log,
    log.remote({ checkpoint: () => Promise.resolve(log.checkpoint(500)) }),
    log.checkpoint(),
  );
  expect(verdict.ok).toBe(false);
  expect(verdict.problems).toContainEqual(
    expect.objectContaining({
      kind: 'truncated',
      message: 'the older checkpoint signs 600 records, the log has only 500: 100 are missing',
    }),
  );
});

test('a log that was replaced as a whole is told from an older checkpoint', async () => {
  const other = createSmallLog(Array.from({ length: SIZE }, (_, i) => ['even', i + 1] as const));
  const verdict = await verify(other, other.remote(), log.checkpoint(300));
  expect(verdict.ok).toBe(false);
  expect(verdict.problems[0]).toMatchObject({ kind: 'tampered' });
  expect(verdict.problems[0]?.message).toContain(
    'the first 300 records are not those of the older checkpoint',
  );
});

test('a changed entry breaks the root', async () => {
  const verdict = await verify(log, changedEntry(300));
  expect(verdict.ok).toBe(false);
  expect(verdict.axes.integrity.verdict).toBe('failed');
  expect(
    verdict.problems.some((problem) => problem.message.startsWith('the signed root is ')),
  ).toBe(true);
});

test('a changed tile is named', async () => {
  const honest = log.remote();
  const remote = log.remote({
    tile: async (tile) => {
      const bytes = Uint8Array.from(await honest.tile(tile));
      if (tile.level === 0 && tile.index === 1) bytes[77] = (bytes[77] ?? 0) ^ 1;
      return bytes;
    },
  });
  const verdict = await verify(log, remote);
  expect(verdict.problems).toEqual([
    {
      kind: 'tampered',
      file: 'tile/0/001',
      offset: 64,
      message: 'hash 2 of the tile is not the one that follows from the entries',
    },
  ]);
});

test('a missing number of a producer is named with both numbers', async () => {
  const verdict = await verify(
    createSmallLog([
      ['app', 1],
      ['app', 2],
      ['app', 4],
    ]),
  );
  expect(verdict.ok).toBe(false);
  expect(verdict.problems).toEqual([
    expect.objectContaining({
      kind: 'gap',
      index: 2,
      message: 'record 2: producer "app" continues with number 4, expected 3',
    }),
  ]);
});

test('a checkpoint by another key is refused before anything is read', async () => {
  const { verifier, name } = parseSignerKey(generateSignerKey(log.signer.name));
  const verdict = await verifyRemote({ log: log.remote(), origin: name, verifiers: [verifier] });
  expect(verdict).toMatchObject({
    ok: false,
    size: 0,
    axes: { integrity: { verdict: 'unverifiable' } },
  });
  expect(verdict.problems[0]?.message).toContain('the checkpoint does not open with the key');
});

/** The log as given out by a server that changed one record's entry. */
function changedEntry(index: number): RemoteLog {
  const honest = log.remote();
  return log.remote({
    async *bundles(size) {
      for await (const bundle of honest.bundles(size)) {
        if (index < bundle.first || index >= bundle.first + bundle.count) {
          yield bundle;
          continue;
        }
        const bytes = Uint8Array.from(bundle.bytes);
        const at = Buffer.from(bytes).lastIndexOf('Failure');
        bytes[at] = 0x47;
        yield { ...bundle, bytes };
      }
    },
  });
}
