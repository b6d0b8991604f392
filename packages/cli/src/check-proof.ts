import {
  contentDigest,
  parseContent,
  parseEnvelope,
  sentence,
  type Content,
  type Envelope,
} from '@countersign/records';
import {
  checkInclusion,
  leafHash,
  openCheckpoint,
  parseTlogProof,
  toBase64,
  toHex,
  type NoteVerifier,
} from '@countersign/tlog';
import { messageOf } from './errors.ts';
import { parseRecordFile, saysTheSame, type RecordFile } from './record-file.ts';

const STEPS = {
  proof: 'the proof is a tlog-proof',
  record: 'the record file is whole',
  content: 'the content matches the digest in the envelope',
  leaf: 'the envelope hashes to the leaf',
  root: 'the root is signed by the key',
  tree: 'the leaf is in the tree',
} as const;
type StepName = keyof typeof STEPS;

export interface Step {
  readonly step: StepName;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'erased' | 'not reached';
  /** What was compared, in words and values. */
  readonly detail: string;
}

export interface ProofCheck {
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** What was proved; null when a step failed. */
  readonly proved: ProvedRecord | null;
}

export interface ProvedRecord {
  readonly index: number;
  readonly leafHash: string;
  readonly envelope: Envelope;
  /** null: erased. */
  readonly content: Content | null;
  readonly sentence: string;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
}

export interface ProofInput {
  readonly proof: string;
  readonly record: string;
  readonly verifiers: readonly NoteVerifier[];
  readonly origin: string;
}

/**
 * Checks that a record is in a log, with nothing but the proof, the record and the log's public key.
 * Takes the steps in order and stops at the first that fails; the rest are listed as not reached.
 */
export function checkProof(input: ProofInput): ProofCheck {
  const checklist = new Checklist();
  try {
    const proved = prove(input, checklist);
    return { ok: true, steps: checklist.steps(), proved };
  } catch (error) {
    if (error instanceof StepFailed) return { ok: false, steps: checklist.steps(), proved: null };
    throw error;
  }
}

function prove(input: ProofInput, checklist: Checklist): ProvedRecord {
  const proof = checklist.take(
    'proof',
    () => parseTlogProof(input.proof),
    (p) => `record ${p.index}, ${p.hashes.length} hashes`,
  );
  const { record, envelope } = checklist.take(
    'record',
    () => readRecord(input.record, proof.index),
    (r) => `${r.envelope.producer} ${r.envelope.seq}, ${r.envelope.time}, ${r.envelope.event}`,
  );
  const content = checklist.take(
    'content',
    () => readContent(record, envelope),
    (c) =>
      c === null
        ? 'the record file holds none: it was erased from the log, or left out here; what is proved is the envelope'
        : envelope.digest,
    (c) => (c === null ? 'erased' : 'passed'),
  );
  const leaf = checklist.take('leaf', () => leafHash(record.envelopeBytes), toHex);
  const checkpoint = checklist.take(
    'root',
    () => openCheckpoint(proof.checkpoint, input.origin, input.verifiers),
    (c) => `${c.origin}, ${c.size} records, root ${toHex(c.root)}`,
  );
  checklist.take(
    'tree',
    () => checkInclusion(proof.hashes, proof.index, checkpoint.size, checkpoint.root, leaf),
    () => `leaf ${proof.index} of ${checkpoint.size}`,
  );
  return {
    index: proof.index,
    leafHash: toHex(leaf),
    envelope,
    content,
    sentence: sentence(envelope, content),
    checkpoint: { origin: checkpoint.origin, size: checkpoint.size, root: toHex(checkpoint.root) },
  };
}

function readRecord(text: string, index: number): { record: RecordFile; envelope: Envelope } {
  const record = parseRecordFile(text);
  if (record.index !== undefined && record.index !== index) {
    throw new Error(
      `the proof is for record ${index}, the record file is of record ${record.index}`,
    );
  }
  const envelope = parseEnvelope(record.envelopeBytes);
  if (!saysTheSame(record.envelope, record.envelopeBytes))
    throw new Error('"envelope" does not say what "envelopeBytes" say');
  return { record, envelope };
}

function readContent(record: RecordFile, envelope: Envelope): Content | null {
  if (record.sealed === null) return null;
  const { salt, contentBytes } = record.sealed;
  const digest = toBase64(contentDigest(salt, contentBytes));
  if (digest !== envelope.digest)
    throw new Error(`expected digest ${envelope.digest}, got ${digest}`);
  const content = parseContent(contentBytes);
  if (!saysTheSame(record.content, contentBytes))
    throw new Error('"content" does not say what "contentBytes" say');
  return content;
}

/** The steps taken so far and how they ended. */
class Checklist {
  readonly #taken = new Map<StepName, Pick<Step, 'state' | 'detail'>>();

  /** Takes one step and hands on what it found; a step that throws ends the check. */
  take<T>(
    step: StepName,
    run: () => T,
    describe: (found: T) => string,
    state: (found: T) => Step['state'] = () => 'passed',
  ): T {
    try {
      const found = run();
      this.#taken.set(step, { state: state(found), detail: describe(found) });
      return found;
    } catch (error) {
      this.#taken.set(step, { state: 'failed', detail: messageOf(error) });
      throw new StepFailed(step, { cause: error });
    }
  }

  steps(): Step[] {
    return (Object.keys(STEPS) as StepName[]).map((step) => ({
      step,
      name: STEPS[step],
      ...(this.#taken.get(step) ?? { state: 'not reached', detail: '' }),
    }));
  }
}

class StepFailed extends Error {}
