/** Where the index reads its records: the log, or in tests anything that answers the same. */
import type { Envelope } from '@countersign/records';
import type { SpelledRecord } from '../reader.ts';

/** A record as it is stored; `contentBytes` is null where it was erased. */
export interface SourceRecord {
  readonly index: number;
  readonly envelope: Envelope;
  readonly envelopeBytes: Uint8Array;
  readonly contentBytes: Uint8Array | null;
}

/** The same record as `spellRange` has it. */
export function spelling({ index, envelopeBytes, contentBytes }: SourceRecord): SpelledRecord {
  const envelope = textOf(envelopeBytes);
  return { index, envelope, content: contentBytes === null ? null : textOf(contentBytes) };
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Reads a log. One reader each for the thread that indexes and the thread that searches. */
export interface RecordSource {
  /** Name of the log: an index of another log is of no use. */
  origin(): Promise<string>;
  /** Records there are to read. */
  size(): Promise<number>;
  read(index: number): Promise<SourceRecord>;
  /** Records `[from, to)` in order, in batches of any size, canonically spelled. */
  spellRange(from: number, to: number): AsyncIterable<readonly SpelledRecord[]>;
  close(): void | Promise<void>;
}

/** A module whose `openSource(options)` gives a RecordSource; a thread loads it by its URL. */
export interface SourceModule {
  readonly module: string;
  readonly options: unknown;
}

export async function openSource({ module, options }: SourceModule): Promise<RecordSource> {
  const loaded = (await import(module)) as {
    openSource(options: unknown): RecordSource | Promise<RecordSource>;
  };
  return await loaded.openSource(options);
}
