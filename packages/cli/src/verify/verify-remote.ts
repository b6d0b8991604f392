import type { Axis, Problem, Verdict } from '@countersign/ledger';
import { parseEnvelope } from '@countersign/records';
import {
  CompactRange,
  equalBytes,
  HASH_SIZE,
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  TILE_WIDTH,
  tilesForSize,
  toHex,
  type Checkpoint,
  type NoteVerifier,
} from '@countersign/tlog';
import { messageOf } from '../errors.ts';
import type { RemoteLog } from './remote-log.ts';

/** Levels of the tree that one level of tiles spans. */
const TILE_HEIGHT = 8;

export interface RemoteVerification {
  readonly log: RemoteLog;
  readonly origin: string;
  readonly verifier: NoteVerifier;
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
  const { log, origin, verifier, since } = options;
  const problems: Problem[] = [];
  const note = await log.checkpoint();
  let checkpoint: Checkpoint;
  try {
    checkpoint = openCheckpoint(note, origin, [verifier]);
  } catch (error) {
    problems.push({
      kind: 'tampered',
      file: 'checkpoint',
      message: `the checkpoint does not open with the key: ${messageOf(error)}`,
    });
    return failedAtTheDoor(problems);
  }
  const older = since === undefined ? undefined : openCheckpoint(since, origin, [verifier]);
  const walk = await walkEntries(options, checkpoint, older?.size, problems);
  if (!equalBytes(walk.root, checkpoint.root)) {
    problems.push({
      kind: 'tampered',
      file: 'checkpoint',
      message: `the signed root is ${toHex(checkpoint.root)}, the entries give ${toHex(walk.root)}`,
    });
  }
  if (older !== undefined) checkOlder(older, checkpoint, walk.rootAtOlder, problems);
  await checkTiles(log, checkpoint.size, walk.nodes, problems);
  const seconds = (performance.now() - started) / 1000;
  return {
    ok: problems.length === 0,
    size: checkpoint.size,
    axes: describeAxes(checkpoint, older, walk, problems),
    problems,
    recordsPerSecond: Math.round(checkpoint.size / seconds),
  };
}

interface Walk {
  readonly root: Uint8Array;
  readonly rootAtOlder: Uint8Array | undefined;
  /** Hashes of the complete subtrees at every tile level, in order. */
  readonly nodes: readonly (readonly Uint8Array[])[];
  readonly producers: ReadonlyMap<string, number>;
  readonly newest: string | undefined;
}

/** Reads every entry once: builds the tree, and follows every producer's numbers. */
async function walkEntries(
  { log, onProgress }: RemoteVerification,
  { size }: Checkpoint,
  olderSize: number | undefined,
  problems: Problem[],
): Promise<Walk> {
  const range = new CompactRange();
  const nodes: Uint8Array[][] = [];
  const producers = new Map<string, number>();
  let newest: string | undefined;
  let rootAtOlder = olderSize === 0 ? range.root() : undefined;
  const keep = (level: number, _index: number, hash: Uint8Array): void => {
    if (level % TILE_HEIGHT === 0) (nodes[level / TILE_HEIGHT] ??= []).push(hash);
  };
  for await (const bundle of log.bundles(size)) {
    const entries = readBundle(bundle, problems);
    for (const [offset, entry] of entries.entries()) {
      const index = bundle.first + offset;
      range.append(leafHash(entry), keep);
      if (range.size === olderSize) rootAtOlder = range.root();
      newest = followProducer(entry, index, bundle.path, producers, problems) ?? newest;
    }
    // Without these entries no later hash would mean anything.
    if (entries.length < bundle.count) break;
    onProgress?.(range.size, size);
  }
  return { root: range.root(), rootAtOlder, nodes, producers, newest };
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

function checkOlder(
  older: Checkpoint,
  now: Checkpoint,
  rootAtOlder: Uint8Array | undefined,
  problems: Problem[],
): void {
  if (older.size > now.size) {
    problems.push({
      kind: 'truncated',
      file: 'checkpoint',
      message: `the older checkpoint signs ${older.size} records, the log has only ${now.size}: ${older.size - now.size} are missing`,
    });
  } else if (rootAtOlder !== undefined && !equalBytes(rootAtOlder, older.root)) {
    problems.push({
      kind: 'tampered',
      file: 'checkpoint',
      message: `the first ${older.size} records are not those of the older checkpoint: its root is ${toHex(older.root)}, theirs is ${toHex(rootAtOlder)}`,
    });
  }
}

/** Compares every tile the server gives out with the hashes the entries give. */
async function checkTiles(
  log: RemoteLog,
  size: number,
  nodes: Walk['nodes'],
  problems: Problem[],
): Promise<void> {
  for (const tile of tilesForSize(size)) {
    const file = `tile/${tile.level}/${tile.index}`;
    const first = tile.index * TILE_WIDTH;
    const hashes = (nodes[tile.level] ?? []).slice(first, first + tile.width);
    const bytes = await log.tile(tile);
    if (bytes.length !== tile.width * HASH_SIZE || !equalBytes(bytes, Buffer.concat(hashes))) {
      problems.push({
        kind: 'tampered',
        file,
        message: `the tile at level ${tile.level}, number ${tile.index} does not hold the hashes of the entries`,
      });
    }
  }
}

function describeAxes(
  checkpoint: Checkpoint,
  older: Checkpoint | undefined,
  walk: Walk,
  problems: readonly Problem[],
): Verdict['axes'] {
  const has = (kind: Problem['kind']): boolean => problems.some((problem) => problem.kind === kind);
  const numbering = [...walk.producers].map(
    ([producer, last]) => `producer "${producer}": numbers 1 to ${last}`,
  );
  const sinceEvidence =
    older === undefined
      ? 'no older checkpoint was given: a log cut off at its end and signed anew would look like this'
      : `the checkpoint of ${older.size} records given with --since is part of this log`;
  return {
    integrity: has('tampered')
      ? { verdict: 'failed', summary: 'the log is not what was signed', evidence: [] }
      : {
          verdict: 'partial',
          summary:
            'every envelope and tile is what was signed; contents are private and cannot be checked from outside',
          evidence: [`${checkpoint.size} envelopes give the signed root ${toHex(checkpoint.root)}`],
        },
    completeness:
      has('gap') || has('truncated')
        ? { verdict: 'failed', summary: 'records are missing', evidence: numbering }
        : {
            verdict: older === undefined ? 'partial' : 'verified',
            summary: "every producer's numbers are without gaps",
            evidence: [...numbering, sinceEvidence],
          },
    time: {
      verdict: 'unverifiable',
      summary: "times are the producers' own; nobody else attests them",
      evidence: walk.newest === undefined ? [] : [`the newest record says ${walk.newest}`],
    },
    independence: {
      verdict: 'unverifiable',
      summary: 'signed by the log alone; no witness cosigned the checkpoint',
      evidence: [`origin ${checkpoint.origin}`],
    },
  };
}

function failedAtTheDoor(problems: Problem[]): Verdict {
  const none: Axis = {
    verdict: 'unverifiable',
    summary: 'not looked at: the checkpoint is not signed by the key',
    evidence: [],
  };
  return {
    ok: false,
    size: 0,
    axes: {
      integrity: {
        verdict: 'failed',
        summary: 'the checkpoint is not signed by the key',
        evidence: [],
      },
      completeness: none,
      time: none,
      independence: none,
    },
    problems,
    recordsPerSecond: 0,
  };
}
