/** A RecordSource over records given as values, for tests that need odd ones. */
import type { Content, Envelope } from '@countersign/records';
import { canonicalize } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import { spelling } from '../source.ts';
import type { RecordSource, SourceModule, SourceRecord } from '../source.ts';

export interface ListedRecord {
  readonly envelope: Envelope;
  /** Null: erased. */
  readonly content: Content | null;
}

export interface ListOptions {
  readonly records: readonly ListedRecord[];
  readonly origin?: string;
  /** Reading this record fails. */
  readonly broken?: number;
}

export function listSource(options: ListOptions): SourceModule {
  return { module: import.meta.url, options };
}

export function openSource(options: unknown): RecordSource {
  const { records, origin = 'list.example/log', broken } = options as ListOptions;
  const read = (index: number): SourceRecord => {
    const record = records[index];
    if (record === undefined || index === broken) throw new Error(`record ${index} can't be read`);
    const { envelope, content } = record;
    return {
      index,
      envelope,
      envelopeBytes: Buffer.from(spell(envelope)),
      contentBytes: content === null ? null : Buffer.from(spell(content)),
    };
  };
  return {
    origin: async () => origin,
    size: async () => records.length,
    read: async (index) => read(index),
    async *spellRange(from, to) {
      for (let at = from; at < to; at++) yield [spelling(read(at))];
    },
    close: () => undefined,
  };
}

function spell(value: Envelope | Content): string {
  return canonicalize(value as unknown as JsonValue);
}
