import { sealRecord, type CompleteDraft, type SealedRecord } from '@countersign/records';
import {
  CompactRange,
  formatCheckpoint,
  formatEntriesPath,
  formatEntryBundle,
  formatTlogProof,
  generateSignerKey,
  leafHash,
  parseSignerKey,
  proveInclusion,
  signNote,
  TILE_WIDTH,
  type Hash,
  type NodeId,
  type NoteSigner,
  type Tile,
} from '@countersign/tlog';
import type { RemoteLog } from '../verify/remote-log.ts';

const ORIGIN = 'test.example/log';

/** A log in memory, for tests of the verifiers: everything in it can be tampered with. */
export interface SmallLog {
  readonly signer: NoteSigner;
  readonly records: SealedRecord[];
  readonly entries: Uint8Array[];
  /** Signed note over the first `size` records; all by default. */
  checkpoint(size?: number): string;
  proof(index: number): Promise<string>;
  recordFile(index: number): Record<string, unknown>;
  /** The log as a server gives it out. */
  remote(overrides?: Partial<RemoteLog>): RemoteLog;
}

/** @param drafts producers and numbers of the records, in order */
export function createSmallLog(
  drafts: readonly (readonly [producer: string, seq: number])[],
): SmallLog {
  const signer = parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', new Uint8Array(32).fill(7)));
  const records = drafts.map(([producer, seq], i) =>
    sealRecord(draft(i, seq), { producer, id: id(i), salt: new Uint8Array(16).fill(i + 1) }),
  );
  const entries = records.map((record) => record.envelopeBytes);
  const nodes = new Map<string, Hash>();
  const range = new CompactRange();
  for (const entry of entries)
    range.append(
      leafHash(entry),
      (level, index, hash) => void nodes.set(`${level}/${index}`, hash),
    );
  const node = ({ level, index }: NodeId): Hash => {
    const hash = nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no complete subtree ${level}/${index}`);
    return hash;
  };
  const reader = { readHashes: (wanted: readonly NodeId[]) => Promise.resolve(wanted.map(node)) };
  const log: SmallLog = {
    signer,
    records,
    entries,
    checkpoint(size = entries.length) {
      const part = new CompactRange();
      for (const entry of entries.slice(0, size)) part.append(leafHash(entry));
      return signNote(
        formatCheckpoint({ origin: ORIGIN, size, root: part.root(), extensions: [] }),
        [signer],
      );
    },
    async proof(index) {
      const hashes = await proveInclusion(index, entries.length, reader);
      return formatTlogProof({ index, hashes, checkpoint: log.checkpoint() });
    },
    recordFile(index) {
      const record = records[index];
      if (record === undefined) throw new RangeError(`no record ${index}`);
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
      return {
        index,
        envelope: record.envelope,
        content: JSON.parse(Buffer.from(record.contentBytes).toString()),
        envelopeBytes: base64(record.envelopeBytes),
        salt: base64(record.salt),
        contentBytes: base64(record.contentBytes),
      };
    },
    remote: (overrides = {}) => ({
      checkpoint: () => Promise.resolve(log.checkpoint()),
      tile: ({ level, index, width }: Tile) =>
        Promise.resolve(
          Buffer.concat(
            Array.from({ length: width }, (_, i) =>
              node({ level: level * 8, index: index * TILE_WIDTH + i }),
            ),
          ),
        ),
      async *bundles(size) {
        for (let first = 0; first < size; first += TILE_WIDTH) {
          const part = entries.slice(first, Math.min(first + TILE_WIDTH, size));
          yield {
            path: formatEntriesPath(first / TILE_WIDTH, part.length),
            first,
            count: part.length,
            bytes: formatEntryBundle(part),
          };
        }
      },
      ...overrides,
    }),
  };
  return log;
}

function id(i: number): string {
  return `019ab000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`;
}

function draft(i: number, seq: number): CompleteDraft {
  return {
    seq,
    time: new Date(Date.UTC(2026, 10, 22) + i * 1000).toISOString(),
    event: 'AUTHZ',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: 'Warning',
    outcome: 'Failure',
    retention: 'normal',
    content: { actor: { id: `user${i}`, kind: 'user' }, source: { system: 'test' } },
  };
}
