/**
 * Every producer numbers its records 1, 2, 3 … without gaps, and the log keeps them in that order. So the
 * indexes of a producer's records grow with their numbers, and a small table per segment is enough to find
 * the record with a given number.
 *
 * `producers/NNNNNN` is written when a segment is full: the last number and index of every producer so far, and
 * the positions of its records in this segment. A SHA-256 at the end says whether it is whole.
 */
import { sha256, equalBytes } from '@countersign/tlog';
import { LedgerError } from './errors.ts';

export interface ProducerState {
  readonly lastSeq: number;
  readonly lastIndex: number;
}

/** The records of each producer in one segment: positions relative to the segment's first record. */
export type SegmentTable = Map<string, { readonly firstSeq: number; readonly positions: number[] }>;

export interface Snapshot {
  /** Of every producer, after the segment. */
  readonly states: Map<string, ProducerState>;
  readonly table: SegmentTable;
}

/** Records position and number of one record in a segment's table. */
export function tabulate(
  table: SegmentTable,
  producer: string,
  seq: number,
  position: number,
): void {
  const row = table.get(producer);
  if (row === undefined) table.set(producer, { firstSeq: seq, positions: [position] });
  else row.positions.push(position);
}

const MAGIC = Buffer.from('countersign producers 1\n');

/** The bytes of `producers/NNNNNN`: one spelling for one state. */
export function formatSnapshot({ states, table }: Snapshot): Uint8Array {
  const parts: Buffer[] = [MAGIC, uint32(states.size)];
  for (const name of [...states.keys()].sort()) {
    const { lastSeq, lastIndex } = states.get(name) as ProducerState;
    const positions = table.get(name)?.positions ?? [];
    const head = Buffer.alloc(1 + name.length + 8 + 8 + 4 + 2 * positions.length);
    let at = head.writeUInt8(name.length, 0);
    at += head.write(name, at, 'latin1');
    at = head.writeBigUInt64BE(BigInt(lastSeq), at);
    at = head.writeBigUInt64BE(BigInt(lastIndex), at);
    at = head.writeUInt32BE(positions.length, at);
    for (const position of positions) at = head.writeUInt16BE(position, at);
    parts.push(head);
  }
  const body = Buffer.concat(parts);
  return Buffer.concat([body, sha256(body)]);
}

/** Reads `producers/NNNNNN`. Throws LedgerError `derived_corrupt` when a byte of it is not as written. */
export function parseSnapshot(bytes: Uint8Array, file: string): Snapshot {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = all.subarray(0, Math.max(0, all.length - 32));
  if (
    !body.subarray(0, MAGIC.length).equals(MAGIC) ||
    !equalBytes(sha256(body), all.subarray(body.length))
  ) {
    throw new LedgerError(
      'derived_corrupt',
      `${file}: expected its SHA-256 at its end; without the file, opening the log derives it anew`,
      { file },
    );
  }
  const states = new Map<string, ProducerState>();
  const table: SegmentTable = new Map();
  let at = MAGIC.length + 4;
  for (let left = body.readUInt32BE(MAGIC.length); left > 0; left -= 1) {
    const nameEnd = at + 1 + body.readUInt8(at);
    const name = body.toString('latin1', at + 1, nameEnd);
    const lastSeq = Number(body.readBigUInt64BE(nameEnd));
    const lastIndex = Number(body.readBigUInt64BE(nameEnd + 8));
    const count = body.readUInt32BE(nameEnd + 16);
    at = nameEnd + 20;
    const positions: number[] = [];
    for (let i = 0; i < count; i += 1, at += 2) positions.push(body.readUInt16BE(at));
    states.set(name, { lastSeq, lastIndex });
    if (count > 0) table.set(name, { firstSeq: lastSeq - count + 1, positions });
  }
  return { states, table };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Who has written what so far. */
export class Producers {
  readonly #segmentRecords: number;
  readonly #loadSnapshot: (segment: number) => Snapshot;
  readonly #states: Map<string, ProducerState>;
  /** Of segments whose snapshot is not on disk yet: the active one, and ones being sealed. */
  readonly #tables = new Map<number, SegmentTable>();
  /** The last few snapshots looked into: a producer that repeats itself stays in one segment for long. */
  readonly #recent = new Map<number, Snapshot>();

  /** Continues after a segment's snapshot; `states` is taken over. */
  constructor(
    segmentRecords: number,
    states: Map<string, ProducerState>,
    loadSnapshot: (segment: number) => Snapshot,
  ) {
    this.#segmentRecords = segmentRecords;
    this.#states = states;
    this.#loadSnapshot = loadSnapshot;
  }

  /** The number the next record of this producer must carry. */
  next(producer: string): number {
    return (this.#states.get(producer)?.lastSeq ?? 0) + 1;
  }

  state(producer: string): ProducerState | undefined {
    return this.#states.get(producer);
  }

  list(): readonly (ProducerState & { readonly name: string })[] {
    return [...this.#states]
      .map(([name, state]) => ({ name, ...state }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Takes in the next record of the log. The caller has checked its number. */
  add(producer: string, seq: number, index: number): void {
    const segment = Math.floor(index / this.#segmentRecords);
    let table = this.#tables.get(segment);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(segment, table);
    }
    tabulate(table, producer, seq, index % this.#segmentRecords);
    this.#states.set(producer, { lastSeq: seq, lastIndex: index });
  }

  /** The state right after a segment is full. Must be called before the next segment's first record is added. */
  snapshot(segment: number): Uint8Array {
    return formatSnapshot({ states: this.#states, table: this.#tables.get(segment) ?? new Map() });
  }

  /** To be called once a segment's snapshot is durable: its table is read from there from now on. */
  sealed(segment: number): void {
    this.#tables.delete(segment);
  }

  /** Returns the index of the record that carries this number, or null when there is none yet. */
  find(producer: string, seq: number): number | null {
    const state = this.#states.get(producer);
    if (state === undefined || seq < 1 || seq > state.lastSeq) return null;
    // The first segment after which the producer had reached this number. Tables in memory are the newest.
    let low = 0;
    let high = Math.floor(state.lastIndex / this.#segmentRecords);
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#reached(middle, producer, seq)) high = middle;
      else low = middle + 1;
    }
    const row = (this.#tables.get(low) ?? this.#snapshot(low).table).get(producer);
    const position = row?.positions[seq - row.firstSeq];
    if (position === undefined) throw new Error('bad math in Producers.find');
    return low * this.#segmentRecords + position;
  }

  #reached(segment: number, producer: string, seq: number): boolean {
    const inMemory = [...this.#tables].filter(([s]) => s <= segment);
    for (const [, table] of inMemory) {
      const row = table.get(producer);
      if (row !== undefined && row.firstSeq + row.positions.length > seq) return true;
    }
    const onDisk = this.#tables.has(segment) ? this.#newestOnDiskBelow(segment) : segment;
    if (onDisk < 0) return false;
    return (this.#snapshot(onDisk).states.get(producer)?.lastSeq ?? 0) >= seq;
  }

  #newestOnDiskBelow(segment: number): number {
    let newest = segment;
    while (this.#tables.has(newest)) newest -= 1;
    return newest;
  }

  #snapshot(segment: number): Snapshot {
    const known = this.#recent.get(segment);
    if (known !== undefined) {
      this.#recent.delete(segment);
      this.#recent.set(segment, known);
      return known;
    }
    const loaded = this.#loadSnapshot(segment);
    this.#recent.set(segment, loaded);
    if (this.#recent.size > 16) this.#recent.delete(this.#recent.keys().next().value as number);
    return loaded;
  }
}
