import type { Axis, Problem, Verdict } from '@countersign/ledger';
import { parseEnvelope } from '@countersign/records';
import {
  CompactRange,
  EMPTY_ROOT,
  equalBytes,
  leafHash,
  openCheckpoint,
  TlogError,
  parseEntryBundle,
  toHex,
  type Checkpoint,
  type NoteVerifier,
} from '@countersign/tlog';
import { messageOf } from '../errors.ts';
import type { RemoteLog } from './remote-log.ts';
import { TileChecker } from './tile-checker.ts';

export interface RemoteVerification {
  readonly log: RemoteLog;
  readonly origin: string;
  readonly verifiers: readonly NoteVerifier[];
  /** An older checkpoint note the log must still contain. */
  readonly since?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Verifies a log from outside, over its public tiles: the signature, every envelope, the whole tree, every tile and
 * every producer's numbering. Contents are private and stay unverified, and the verdict says so.
 */
export async function verifyRemote(options: RemoteVerification): Promise<Verdict> {
  const started = performance.now();
  const { log, origin, verifiers, since } = options;
  const problems: Problem[] = [];
  const checkpoint = openNewest(await log.checkpoint(), origin, verifiers, problems);
  const older = since === undefined ? null : openOlder(since, origin, verifiers, problems);
  let walk = NOTHING_WALKED;
  if (checkpoint !== null) {
    walk = await walkEntries(options, checkpoint, older, problems);
    checkRoot(checkpoint, walk, problems);
    if (older !== null) checkOlder(older, checkpoint, walk, problems);
  }
  const seconds = (performance.now() - started) / 1000;
  const size = checkpoint?.size ?? 0;
  return {
    ok: problems.length === 0,
    size,
    origin,
    axes: describeAxes({ checkpoint, older, walk, problems }),
    problems,
    problemCount: problems.length,
    seconds,
    recordsPerSecond: Math.round(size / seconds),
    workers: 1,
  };
}

/** The log's claim: null when the key did not sign it, and then nothing else is worth reading. */
function openNewest(
  note: string,
  origin: string,
  verifiers: readonly NoteVerifier[],
  problems: Problem[],
): Checkpoint | null {
  try {
    const { note: opened, ...checkpoint } = openCheckpoint(note, origin, verifiers);
    // A log that signs with two keys has not signed when one of them is missing.
    const missing = verifiers.filter(
      ({ keyId }) => !opened.verified.some((signature) => signature.keyId === keyId),
    );
    for (const { vkey } of missing) {
      problems.push({
        kind: 'tampered',
        file: 'checkpoint',
        message: `the key ${vkey} has not signed the checkpoint`,
      });
    }
    return checkpoint;
  } catch (error) {
    // Signed by somebody else is not the same as signed wrongly.
    const kind =
      error instanceof TlogError && error.code === 'note_unsigned' ? 'unverifiable' : 'tampered';
    const message = `the checkpoint does not open with the key: ${messageOf(error)}`;
    problems.push({ kind, file: 'checkpoint', message });
    return null;
  }
}

function openOlder(
  note: string,
  origin: string,
  verifiers: readonly NoteVerifier[],
  problems: Problem[],
): Checkpoint | null {
  try {
    return openCheckpoint(note, origin, verifiers);
  } catch (error) {
    problems.push({
      kind: 'unverifiable',
      message: `the older checkpoint does not open with the key: ${messageOf(error)}`,
    });
    return null;
  }
}

interface Walk {
  readonly size: number;
  readonly root: Uint8Array;
  /** Root of the tree of as many records as the older checkpoint has. */
  readonly rootAtOlder: Uint8Array | null;
  /** The last number of each producer. */
  readonly producers: ReadonlyMap<string, number>;
  /** Time of the last record. */
  readonly newest: string | null;
}

const NOTHING_WALKED: Walk = {
  size: 0,
  root: EMPTY_ROOT,
  rootAtOlder: null,
  producers: new Map(),
  newest: null,
};

/** Reads every entry once: builds the tree, compares the tiles, and follows every producer's numbers. */
async function walkEntries(
  { log, onProgress }: RemoteVerification,
  { size }: Checkpoint,
  older: Checkpoint | null,
  problems: Problem[],
): Promise<Walk> {
  const range = new CompactRange();
  const tiles = new TileChecker((tile) => log.tile(tile));
  const producers = new Map<string, number>();
  let newest: string | null = null;
  let rootAtOlder = older?.size === 0 ? range.root() : null;
  for await (const bundle of log.bundles(size)) {
    const entries = readBundle(bundle, problems);
    for (const [offset, entry] of entries.entries()) {
      range.append(leafHash(entry), tiles.add);
      if (range.size === older?.size) rootAtOlder = range.root();
      newest =
        followProducer(entry, bundle.first + offset, bundle.path, producers, problems) ?? newest;
    }
    // Without these entries no later hash would mean anything.
    if (entries.length < bundle.count) break;
    await tiles.checkFull(problems);
    onProgress?.(range.size, size);
  }
  if (range.size === size) await tiles.finish(problems);
  return { size: range.size, root: range.root(), rootAtOlder, producers, newest };
}

function readBundle(
  bundle: { path: string; first: number; count: number; bytes: Uint8Array },
  problems: Problem[],
): Uint8Array[] {
  try {
    return parseEntryBundle(bundle.bytes, bundle.count);
  } catch (error) {
    problems.push({
      kind: 'tampered',
      file: bundle.path,
      index: bundle.first,
      message: `the bundle cannot be read: ${messageOf(error)}`,
    });
    return [];
  }
}

/** @returns the record's time */
function followProducer(
  entry: Uint8Array,
  index: number,
  file: string,
  producers: Map<string, number>,
  problems: Problem[],
): string | undefined {
  let envelope;
  try {
    envelope = parseEnvelope(entry);
  } catch (error) {
    problems.push({
      kind: 'tampered',
      file,
      index,
      message: `record ${index} is not an envelope: ${messageOf(error)}`,
    });
    return undefined;
  }
  const { producer, seq, time } = envelope;
  const expected = (producers.get(producer) ?? 0) + 1;
  if (seq !== expected) {
    problems.push({
      kind: 'gap',
      file,
      index,
      message: `record ${index}: producer "${producer}" continues with number ${seq}, expected ${expected}`,
    });
  }
  producers.set(producer, seq);
  return time;
}

function checkRoot(checkpoint: Checkpoint, walk: Walk, problems: Problem[]): void {
  if (walk.size < checkpoint.size || equalBytes(walk.root, checkpoint.root)) return;
  problems.push({
    kind: 'tampered',
    file: 'checkpoint',
    message: `the signed root is ${toHex(checkpoint.root)}, the entries give ${toHex(walk.root)}`,
  });
}

function checkOlder(
  older: Checkpoint,
  now: Checkpoint,
  { rootAtOlder }: Walk,
  problems: Problem[],
): void {
  if (older.size > now.size) {
    problems.push({
      kind: 'truncated',
      file: 'checkpoint',
      message: `the older checkpoint signs ${older.size} records, the log has only ${now.size}: ${older.size - now.size} are missing`,
    });
  } else if (rootAtOlder !== null && !equalBytes(rootAtOlder, older.root)) {
    problems.push({
      kind: 'tampered',
      file: 'checkpoint',
      message: `the first ${older.size} records are not those of the older checkpoint: its root is ${toHex(older.root)}, theirs is ${toHex(rootAtOlder)}`,
    });
  }
}

interface Findings {
  readonly checkpoint: Checkpoint | null;
  readonly older: Checkpoint | null;
  readonly walk: Walk;
  readonly problems: readonly Problem[];
}

function describeAxes(findings: Findings): Verdict['axes'] {
  return {
    integrity: judgeIntegrity(findings),
    completeness: judgeCompleteness(findings),
    time: {
      verdict: 'unverifiable',
      summary: "times are the producers' own; nobody else attests them",
      evidence:
        findings.walk.newest === null ? [] : [`the newest record says ${findings.walk.newest}`],
    },
    independence: {
      verdict: 'unverifiable',
      summary: 'signed by the log alone; no witness cosigned the checkpoint',
      evidence: [],
    },
  };
}

function judgeIntegrity({ checkpoint, problems }: Findings): Axis {
  if (checkpoint === null) {
    return {
      verdict: problems.some(({ kind }) => kind === 'tampered') ? 'failed' : 'unverifiable',
      summary: 'the checkpoint is not signed by the key; nothing else was looked at',
      evidence: [],
    };
  }
  const evidence = [`checkpoint of ${checkpoint.size} records, root ${toHex(checkpoint.root)}`];
  if (problems.some(({ kind }) => kind === 'tampered')) {
    return { verdict: 'failed', summary: 'the log is not what was signed', evidence };
  }
  return {
    verdict: 'partial',
    summary:
      'every envelope and tile is what was signed; contents are private and cannot be checked from outside',
    evidence,
  };
}

function judgeCompleteness({ checkpoint, older, walk, problems }: Findings): Axis {
  const evidence = [...walk.producers].map(
    ([producer, last]) => `producer "${producer}": numbers 1 to ${last}`,
  );
  if (checkpoint === null || walk.size < checkpoint.size) {
    return { verdict: 'unverifiable', summary: 'not all records could be read', evidence };
  }
  if (problems.some(({ kind }) => kind === 'gap' || kind === 'truncated')) {
    return { verdict: 'failed', summary: 'records are missing', evidence };
  }
  const summary = "every producer's numbers are without gaps";
  if (older === null) {
    const unknown =
      'no older checkpoint was given: a log cut off at its end and signed anew would look like this';
    return { verdict: 'partial', summary, evidence: [...evidence, unknown] };
  }
  const included = `the checkpoint of ${older.size} records given with --since is part of this log`;
  return { verdict: 'verified', summary, evidence: [...evidence, included] };
}
