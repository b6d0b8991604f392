import { beforeAll, describe, expect, test } from 'vitest';
import { checkProof, type ProofInput, type Step } from './check-proof.ts';
import { createSmallLog } from './testing/small-log.ts';

const log = createSmallLog(Array.from({ length: 11 }, (_, i) => ['app', i + 1] as const));
const INDEX = 6;
let good: ProofInput;

beforeAll(async () => {
  good = {
    proof: await log.proof(INDEX),
    record: JSON.stringify(log.recordFile(INDEX)),
    verifiers: [log.signer.verifier],
    origin: log.signer.name,
  };
});

function stateOf(
  input: ProofInput,
  name: Step['step'],
): [state: string | undefined, detail: string | undefined] {
  const check = checkProof(input);
  const step = check.steps.find((candidate) => candidate.step === name);
  expect(check.ok).toBe(step?.state === 'passed' || step?.state === 'erased');
  return [step?.state, step?.detail];
}

function withRecord(change: Record<string, unknown>): ProofInput {
  return { ...good, record: JSON.stringify({ ...log.recordFile(INDEX), ...change }) };
}

test('a record with its proof and key is proved, step by step', () => {
  const check = checkProof(good);
  expect(check.ok).toBe(true);
  expect(check.steps.map((step) => step.state)).toEqual(Array.from({ length: 6 }, () => 'passed'));
  expect(check.proved).toMatchObject({
    index: INDEX,
    envelope: { seq: INDEX + 1 },
    content: { actor: { id: 'user6' } },
    checkpoint: { origin: 'test.example/log', size: 11 },
  });
});

test('members that the API adds are no hindrance', () => {
  expect(checkProof(withRecord({ sentence: 'x', leafHash: 'y', related: [] })).ok).toBe(true);
});

test('an erased content leaves the proof of the envelope', () => {
  const check = checkProof(withRecord({ content: null, salt: null, contentBytes: null }));
  expect(check.ok).toBe(true);
  expect(check.steps[2]).toMatchObject({
    state: 'erased',
    detail:
      'the record file holds none: it was erased from the log, or left out here; what is proved is the envelope',
  });
  expect(check.proved?.content).toBeNull();
});

describe('what does not hold is named, and nothing after it is looked at', () => {
  test('a record of another index', () => {
    const input = { ...good, record: JSON.stringify(log.recordFile(5)) };
    expect(stateOf(input, 'record')).toEqual([
      'failed',
      'the proof is for record 6, the record file is of record 5',
    ]);
    expect(checkProof(input).steps.map((step) => step.state)).toEqual([
      'passed',
      'failed',
      'not reached',
      'not reached',
      'not reached',
      'not reached',
    ]);
  });

  test('the record of another index that hides its number', () => {
    const { index: _, ...other } = log.recordFile(5);
    expect(stateOf({ ...good, record: JSON.stringify(other) }, 'tree')[0]).toBe('failed');
  });

  test('a content that was changed together with its readable form', () => {
    const content = { actor: { id: 'somebody', kind: 'user' }, source: { system: 'test' } };
    const contentBytes = Buffer.from(JSON.stringify(content)).toString('base64');
    const [state, detail] = stateOf(withRecord({ content, contentBytes }), 'content');
    expect(state).toBe('failed');
    expect(detail).toMatch(/^expected digest \S{44}, got \S{44}$/);
  });

  test('a readable form that says something else than the bytes', () => {
    const content = { actor: { id: 'somebody', kind: 'user' }, source: { system: 'test' } };
    expect(stateOf(withRecord({ content }), 'content')).toEqual([
      'failed',
      '"content" does not say what "contentBytes" say',
    ]);
    const envelope = { ...log.records[INDEX]?.envelope, outcome: 'Success' };
    expect(stateOf(withRecord({ envelope }), 'record')).toEqual([
      'failed',
      '"envelope" does not say what "envelopeBytes" say',
    ]);
  });

  test('a checkpoint of another log', () => {
    const [state, detail] = stateOf({ ...good, origin: 'other.example/log' }, 'root');
    expect(state).toBe('failed');
    expect(detail).toContain('other.example/log');
  });

  test.for([
    ['[]', 'expected an object, got []'],
    ['{', 'is not JSON'],
    ['{"envelopeBytes":7}', '"envelopeBytes": expected base64 text, got 7'],
    ['{"envelopeBytes":"AA=="}', '"salt": expected base64 text, got nothing'],
    ['{"index":-1}', '"index": expected a whole number from 0, got -1'],
  ] as const)('the record file %s', ([record, message]) => {
    const [state, detail] = stateOf({ ...good, record }, 'record');
    expect(state).toBe('failed');
    expect(detail).toContain(message);
  });
});

test('no byte of the proof can be changed', () => {
  for (let at = 0; at < good.proof.length; at++) {
    const proof =
      good.proof.slice(0, at) +
      String.fromCharCode(good.proof.charCodeAt(at) ^ 1) +
      good.proof.slice(at + 1);
    expect(checkProof({ ...good, proof }).ok, `byte ${at} flipped`).toBe(false);
  }
});

test('no byte of envelope, salt or content can be changed', () => {
  for (const member of ['envelopeBytes', 'salt', 'contentBytes']) {
    const bytes = Buffer.from(String(log.recordFile(INDEX)[member]), 'base64');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const input = withRecord({
        envelope: undefined,
        content: undefined,
        [member]: changed.toString('base64'),
      });
      expect(checkProof(input).ok, `${member}, byte ${at} flipped`).toBe(false);
    }
  }
});
