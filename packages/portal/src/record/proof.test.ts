import { contentDigest } from '@countersign/records';
import type { Content, Envelope } from '@countersign/records';
import {
  canonicalize,
  CompactRange,
  formatCheckpoint,
  formatTlogProof,
  generateSignerKey,
  leafHash,
  parseSignerKey,
  signNote,
  toBase64,
  toHex,
  utf8,
  type JsonValue,
} from '@countersign/tlog';
import { expect, test } from 'vitest';
import { verifyRecord, type ProofInput, type ProofResult } from './proof.ts';

const origin = 'log.example/test';
const signer = parseSignerKey(generateSignerKey(origin, 'ed25519', new Uint8Array(32).fill(7)));
const stranger = parseSignerKey(generateSignerKey(origin, 'ed25519', new Uint8Array(32).fill(8)));

/** Two leaves, the record at index 1: its path is the other leaf. */
function sealed(): ProofInput {
  const salt = new Uint8Array(16).fill(3);
  const content: Content = {
    actor: { id: 'ggant', kind: 'user' },
    source: { system: 'test' },
  };
  const contentBytes = utf8(canonicalize(content as unknown as JsonValue));
  const envelope: Envelope = {
    v: 1,
    id: '01936d5e-0000-7000-8000-000000000000',
    producer: 'countersign',
    seq: 2,
    time: '2026-11-22T05:00:00.000Z',
    event: 'AUTHZ',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: 'Warning',
    outcome: 'Failure',
    retention: 'normal',
    digest: toBase64(contentDigest(salt, contentBytes)),
  };
  const envelopeBytes = utf8(canonicalize(envelope as unknown as JsonValue));
  const other = leafHash(utf8('the record before'));
  const range = new CompactRange();
  range.append(other);
  range.append(leafHash(envelopeBytes));
  const text = formatCheckpoint({ origin, size: 2, root: range.root(), extensions: [] });
  return {
    index: 1,
    envelopeBytes: toBase64(envelopeBytes),
    salt: toBase64(salt),
    contentBytes: toBase64(contentBytes),
    claimedLeaf: toHex(leafHash(envelopeBytes)),
    proof: formatTlogProof({ index: 1, hashes: [other], checkpoint: signNote(text, [signer]) }),
    pinnedKey: signer.verifier.vkey,
    offeredKey: signer.verifier.vkey,
  };
}

function verdicts(result: ProofResult): Record<string, string> {
  return Object.fromEntries(result.steps.map(({ id, verdict }) => [id, verdict]));
}

const PASSED = {
  content: 'passed',
  leaf: 'passed',
  inclusion: 'passed',
  root: 'passed',
  key: 'passed',
};

test('a true record passes all five checks and is read from its bytes', () => {
  const result = verifyRecord(sealed());
  expect(result.steps.filter(({ verdict }) => verdict !== 'passed')).toEqual([]);
  expect(result.ok).toBe(true);
  expect(result.content?.actor.id).toBe('ggant');
  expect(result.envelope?.event).toBe('AUTHZ');
  expect(result.checkpoint?.size).toBe(2);
});

test('changed content fails the digest and nothing else', () => {
  const input = sealed();
  const content = atob(input.contentBytes ?? '').replace('ggant', 'smith');
  const result = verifyRecord({ ...input, contentBytes: btoa(content) });
  expect(verdicts(result)).toEqual({ ...PASSED, content: 'failed' });
  expect(result.ok).toBe(false);
});

test('a changed envelope fails at the leaf and at the path', () => {
  const input = sealed();
  const envelope = atob(input.envelopeBytes).replace('Warning', 'Failure');
  const result = verifyRecord({ ...input, envelopeBytes: btoa(envelope) });
  expect(verdicts(result)).toMatchObject({ leaf: 'failed', inclusion: 'failed' });
});

test('an envelope changed together with the leaf the server names still fails at the path', () => {
  const input = sealed();
  const bytes = utf8(atob(input.envelopeBytes).replace('Warning', 'Failure'));
  const result = verifyRecord({
    ...input,
    envelopeBytes: toBase64(bytes),
    claimedLeaf: toHex(leafHash(bytes)),
  });
  expect(verdicts(result)).toMatchObject({ leaf: 'passed', inclusion: 'failed' });
});

test('a proof for another record is refused', () => {
  const result = verifyRecord({ ...sealed(), index: 0 });
  const step = result.steps.find(({ id }) => id === 'inclusion');
  expect(step?.verdict).toBe('failed');
  expect(step?.detail).toBe('The proof is for record 1, not for record 0.');
});

test('a checkpoint signed by a stranger fails root or key even when all hashes fit', () => {
  const input = sealed();
  const result = verifyRecord({
    ...input,
    pinnedKey: stranger.verifier.vkey,
    offeredKey: stranger.verifier.vkey,
  });
  expect(verdicts(result)).toMatchObject({ inclusion: 'passed', root: 'failed', key: 'failed' });
});

test('a key that changed since it was pinned fails although the signature is good', () => {
  const result = verifyRecord({ ...sealed(), pinnedKey: stranger.verifier.vkey });
  expect(verdicts(result)).toEqual({ ...PASSED, key: 'failed' });
  const values = result.steps.at(-1)?.values.map(({ label }) => label);
  expect(values).toEqual(['Pinned key', 'Key the server names now']);
});

test('erased content leaves the place in the log proved', () => {
  const result = verifyRecord({ ...sealed(), contentBytes: null, salt: null });
  expect(verdicts(result)).toEqual({ ...PASSED, content: 'erased' });
  expect(result.ok).toBe(true);
  expect(result.erased).toBe(true);
});

test('bytes that are no proof at all fail without throwing', () => {
  for (const proof of ['', 'x', '<html>', sealed().proof.slice(0, 40)]) {
    const result = verifyRecord({ ...sealed(), proof });
    expect(verdicts(result)).toMatchObject({
      inclusion: 'failed',
      root: 'skipped',
      key: 'skipped',
    });
  }
  const broken = verifyRecord({ ...sealed(), envelopeBytes: '!', contentBytes: '!' });
  expect(broken.ok).toBe(false);
  expect(broken.envelope).toBeNull();
});

test('a pinned key that cannot be read fails and is shown', () => {
  const result = verifyRecord({ ...sealed(), pinnedKey: 'no key' });
  const step = result.steps.at(-1);
  expect(step?.verdict).toBe('failed');
  expect(step?.detail).toContain('The pinned key cannot be read');
  expect(step?.values[0]?.value).toBe('no key');
});
