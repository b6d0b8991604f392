import { contentDigest, parseContent, parseEnvelope } from '@countersign/records';
import type { Content, Envelope } from '@countersign/records';
import {
  checkInclusion,
  fromBase64,
  leafHash,
  openNote,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  toBase64,
  toHex,
  type Checkpoint,
  type Note,
  type TlogProof,
} from '@countersign/tlog';

/** What is checked: the bytes the server sent, its proof, and the key this browser pinned. */
export interface ProofInput {
  readonly index: number;
  readonly envelopeBytes: string;
  readonly salt: string | null;
  readonly contentBytes: string | null;
  /** What the server claims the leaf to be, hex; shown beside what was computed. */
  readonly claimedLeaf: string;
  readonly proof: string;
  readonly pinnedKey: string;
  /** The key the server names now; differs from the pinned one after an unannounced change. */
  readonly offeredKey: string;
}

export interface ProofValue {
  readonly label: string;
  readonly value: string;
  /** Hashes are shown in groups of four. */
  readonly kind: 'hash' | 'text';
}

export type StepId = 'content' | 'leaf' | 'inclusion' | 'root' | 'key';

/** One check with the values it compared. `skipped` when an earlier failure left nothing to check. */
export interface ProofStep {
  readonly id: StepId;
  readonly title: string;
  readonly verdict: 'passed' | 'failed' | 'erased' | 'skipped';
  readonly detail: string;
  readonly values: readonly ProofValue[];
}

export interface ProofResult {
  readonly ok: boolean;
  readonly erased: boolean;
  readonly steps: readonly ProofStep[];
  /** What the verified bytes say; null when they could not be read. */
  readonly envelope: Envelope | null;
  readonly content: Content | null;
  readonly checkpoint: Checkpoint | null;
}

const TITLES: Record<StepId, string> = {
  content: 'Content matches digest',
  leaf: 'Envelope hashes to leaf',
  inclusion: 'Leaf is in the tree',
  root: 'Root is signed',
  key: 'Signature is by the pinned key',
};

type Outcome = Omit<ProofStep, 'id' | 'title'>;

function hash(label: string, value: string): ProofValue {
  return { label, value, kind: 'hash' };
}

function text(label: string, value: string): ProofValue {
  return { label, value, kind: 'text' };
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs one check; an exception is its failure, told in the words of what threw. */
function step(id: StepId, check: () => Outcome): ProofStep {
  try {
    return { id, title: TITLES[id], ...check() };
  } catch (error) {
    return { id, title: TITLES[id], verdict: 'failed', detail: reason(error), values: [] };
  }
}

function skipped(id: StepId, because: string): ProofStep {
  return { id, title: TITLES[id], verdict: 'skipped', detail: because, values: [] };
}

function attempt<T>(read: () => T): { value: T; error: null } | { value: null; error: string } {
  try {
    return { value: read(), error: null };
  } catch (error) {
    return { value: null, error: reason(error) };
  }
}

/** SHA-256(salt ‖ content) against the digest in the envelope. */
function checkContent(input: ProofInput, envelope: Envelope): Outcome {
  if (input.contentBytes === null || input.salt === null) {
    return {
      verdict: 'erased',
      detail:
        'The content was erased. The envelope still binds its digest, so that nothing else can take its place.',
      values: [hash('Digest in the envelope', envelope.digest)],
    };
  }
  const computed = toBase64(contentDigest(fromBase64(input.salt), fromBase64(input.contentBytes)));
  const values = [
    hash('SHA-256 of salt and content', computed),
    hash('Digest in the envelope', envelope.digest),
    hash('Salt', input.salt),
  ];
  if (computed !== envelope.digest) {
    return {
      verdict: 'failed',
      detail:
        'The content is not the one this envelope was made for. It was changed after it was recorded.',
      values,
    };
  }
  return { verdict: 'passed', detail: 'The content is byte for byte what was recorded.', values };
}

/** SHA-256(0x00 ‖ envelope), RFC 6962 section 2.1, against the leaf the server names. */
function checkLeaf(input: ProofInput, envelopeBytes: Uint8Array): Outcome {
  const computed = toHex(leafHash(envelopeBytes));
  const values = [
    hash('SHA-256 of 0x00 and envelope', computed),
    hash('Leaf named by the server', input.claimedLeaf),
  ];
  return computed === input.claimedLeaf
    ? { verdict: 'passed', detail: 'The envelope is the one that was appended.', values }
    : {
        verdict: 'failed',
        detail: 'The envelope does not hash to the leaf that the server names.',
        values,
      };
}

function checkPath(
  input: ProofInput,
  proof: TlogProof,
  checkpoint: Checkpoint,
  envelopeBytes: Uint8Array,
): Outcome {
  const values = [
    text('Place in the log', `${proof.index} of ${checkpoint.size}`),
    ...proof.hashes.map((node, n) => hash(`Audit path ${n + 1}`, toHex(node))),
    hash('Root of the tree', toHex(checkpoint.root)),
  ];
  if (proof.index !== input.index) {
    return {
      verdict: 'failed',
      detail: `The proof is for record ${proof.index}, not for record ${input.index}.`,
      values,
    };
  }
  try {
    checkInclusion(
      [...proof.hashes],
      proof.index,
      checkpoint.size,
      checkpoint.root,
      leafHash(envelopeBytes),
    );
  } catch (error) {
    return {
      verdict: 'failed',
      detail: `The path does not lead from this record to the root: ${reason(error)}`,
      values,
    };
  }
  return {
    verdict: 'passed',
    detail: `${proof.hashes.length} hashes lead from this record to the root of a tree of ${checkpoint.size}.`,
    values,
  };
}

/** The checkpoint carries a signature of the log's own name over exactly this size and root. */
function checkRoot(
  proof: TlogProof,
  note: Note,
  checkpoint: Checkpoint,
  offeredKey: string,
): Outcome {
  const values = [
    text('Log', checkpoint.origin),
    text('Tree size', String(checkpoint.size)),
    hash('Root', toHex(checkpoint.root)),
    ...note.signatures.map((signature) =>
      hash(`Signature of ${signature.name}`, toBase64(signature.signature)),
    ),
  ];
  const opened = openNote(proof.checkpoint, [parseVerifierKey(offeredKey)]);
  if (opened.verified.length === 0) {
    return { verdict: 'failed', detail: 'No signature covers this checkpoint.', values };
  }
  return {
    verdict: 'passed',
    detail: 'The signature covers exactly this size and root.',
    values,
  };
}

function checkKey(proof: TlogProof, checkpoint: Checkpoint, given: ProofInput): Outcome {
  const values = [text('Pinned key', given.pinnedKey)];
  if (given.offeredKey !== given.pinnedKey) {
    values.push(text('Key the server names now', given.offeredKey));
  }
  const key = attempt(() => parseVerifierKey(given.pinnedKey));
  if (key.value === null) {
    return { verdict: 'failed', detail: `The pinned key cannot be read: ${key.error}.`, values };
  }
  const pinned = key.value;
  if (pinned.name !== checkpoint.origin) {
    return {
      verdict: 'failed',
      detail: `The checkpoint is of the log "${checkpoint.origin}", the pinned key is of "${pinned.name}".`,
      values,
    };
  }
  const opened = attempt(() => openNote(proof.checkpoint, [pinned]));
  if (opened.value === null || opened.value.verified.length === 0) {
    return {
      verdict: 'failed',
      detail: `The checkpoint is not signed by the key this browser pinned${opened.error === null ? '' : `: ${opened.error}`}.`,
      values,
    };
  }
  if (given.offeredKey !== given.pinnedKey) {
    return {
      verdict: 'failed',
      detail: 'The server names another key than the one this browser pinned.',
      values,
    };
  }
  return { verdict: 'passed', detail: 'It is the key this browser holds the log to.', values };
}

/** Checks one record from its bytes to the pinned key. Never throws: whatever is wrong is a failed step. */
export function verifyRecord(given: ProofInput): ProofResult {
  const bytes = attempt(() => fromBase64(given.envelopeBytes));
  const envelope = attempt(() => parseEnvelope(fromBase64(given.envelopeBytes)));
  const proof = attempt(() => parseTlogProof(given.proof));
  const note = attempt(() => parseNote(proof.value?.checkpoint ?? ''));
  const checkpoint = attempt(() => parseCheckpoint(note.value?.text ?? ''));
  const unread = `the proof cannot be read: ${proof.error ?? note.error ?? checkpoint.error ?? ''}`;

  const steps: ProofStep[] = [
    step('content', () => {
      if (envelope.value === null)
        throw new Error(`the envelope cannot be read: ${envelope.error}`);
      return checkContent(given, envelope.value);
    }),
    step('leaf', () => {
      if (bytes.value === null) throw new Error(`the envelope cannot be read: ${bytes.error}`);
      return checkLeaf(given, bytes.value);
    }),
  ];
  if (proof.value === null || note.value === null || checkpoint.value === null) {
    steps.push(
      { id: 'inclusion', title: TITLES.inclusion, verdict: 'failed', detail: unread, values: [] },
      skipped('root', 'There is no readable checkpoint to check.'),
      skipped('key', 'There is no readable checkpoint to check.'),
    );
  } else {
    const read = { proof: proof.value, note: note.value, checkpoint: checkpoint.value };
    steps.push(
      step('inclusion', () =>
        checkPath(given, read.proof, read.checkpoint, bytes.value ?? new Uint8Array()),
      ),
      step('root', () => checkRoot(read.proof, read.note, read.checkpoint, given.offeredKey)),
      step('key', () => checkKey(read.proof, read.checkpoint, given)),
    );
  }
  const contentBytes = given.contentBytes;
  const content =
    contentBytes === null ? null : attempt(() => parseContent(fromBase64(contentBytes))).value;
  return {
    ok: steps.every(({ verdict }) => verdict === 'passed' || verdict === 'erased'),
    erased: steps.some(({ verdict }) => verdict === 'erased'),
    steps,
    envelope: envelope.value,
    content,
    checkpoint: checkpoint.value,
  };
}
