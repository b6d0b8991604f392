import { describe, expect, test } from 'vitest';
import {
  checkConsistency,
  formatEntriesPath,
  formatTilePath,
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  parseVerifierKey,
  proveConsistency,
  tileHashReader,
  treeHash,
} from '@countersign/tlog';
import { startTestServer } from '../testing/harness.ts';

const system = await startTestServer();
const { keys } = system.server.platform;
const verifiers = keys.vkeys.map(parseVerifierKey);

async function bytes(path: string): Promise<Uint8Array> {
  const answer = await system.request(`/log/${path}`);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function checkpoint() {
  return openCheckpoint(await bytes('checkpoint'), keys.origin, verifiers);
}

describe('the log over HTTP', () => {
  test('gives a stranger all that is needed to verify it: tiles hash to the signed root', async () => {
    for (let i = 0; i < 3; i += 1) await system.signIn('auditor');
    const { size, root } = await checkpoint();
    const reader = tileHashReader(size, async (tile) => await bytes(formatTilePath(tile)));
    expect(await treeHash(size, reader)).toEqual(root);

    const entries = parseEntryBundle(await bytes(formatEntriesPath(0, size)), size);
    const hashes = await reader.readHashes(entries.map((_, index) => ({ level: 0, index })));
    expect(entries.map(leafHash)).toEqual(hashes);
  });

  test('shows that it only grows', async () => {
    const before = await checkpoint();
    await system.signIn('auditor');
    const after = await checkpoint();
    expect(after.size).toBeGreaterThan(before.size);
    const reader = tileHashReader(after.size, async (tile) => await bytes(formatTilePath(tile)));
    const proof = await proveConsistency(before.size, after.size, reader);
    checkConsistency(proof, before.size, after.size, before.root, after.root);
  });

  test('says how long each file may be kept', async () => {
    const head = await system.request('/log/checkpoint');
    expect(head.headers.get('cache-control')).toBe('no-cache');
    expect(head.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const { size } = await checkpoint();
    const tile = await system.request(`/log/tile/0/000.p/${size}`);
    expect(tile.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(tile.headers.get('content-type')).toBe('application/octet-stream');
  });

  test('answers 404 to other spellings and to tiles that are not there', async () => {
    for (const path of [
      'tile/0/000',
      'tile/0/0',
      'tile/00/000.p/1',
      'tile/0/000.p/256',
      'tile/9/000.p/1',
      'tile/entries/x',
      'tile/',
    ]) {
      const answer = await system.request(`/log/${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('leaves no record when it is read: envelopes name nobody', async () => {
    expect(await system.recordsOf(async () => await bytes('checkpoint'))).toEqual([]);
  });
});

test('can be restricted to auditors', async () => {
  const closed = await startTestServer({ args: { logAccess: 'auditors' } });
  expect((await closed.request('/log/checkpoint')).status).toBe(401);
  const cookie = await closed.signIn('admin');
  expect((await closed.request('/log/checkpoint', { cookie })).status).toBe(403);
  const auditor = await closed.signIn('auditor');
  const answer = await closed.request('/log/checkpoint', { cookie: auditor });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
});
