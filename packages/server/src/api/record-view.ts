import { toBase64, toHex, leafHash } from '@countersign/tlog';
import type { LogReader, StoredRecord } from '@countersign/ledger';
import { parseContent, sentence, type Content, type Envelope } from '@countersign/records';

/** A record as the API shows it. */
export interface RecordView {
  readonly index: number;
  readonly envelope: Envelope;
  readonly content: Content | null;
  readonly sentence: string;
  readonly leafHash: string;
}

/** Shows a stored record; an erased content is null. */
export function viewRecord(stored: StoredRecord): RecordView {
  const content = stored.contentBytes === null ? null : parseContent(stored.contentBytes);
  return {
    index: stored.index,
    envelope: stored.envelope,
    content,
    sentence: sentence(stored.envelope, content),
    leafHash: toHex(leafHash(stored.envelopeBytes)),
  };
}

/** The exact bytes a proof is about, for checking in the browser or offline. */
export function viewBytes(stored: StoredRecord): {
  salt: string | null;
  contentBytes: string | null;
  envelopeBytes: string;
} {
  return {
    salt: stored.contentBytes === null ? null : toBase64(stored.salt),
    contentBytes: stored.contentBytes === null ? null : toBase64(stored.contentBytes),
    envelopeBytes: toBase64(stored.envelopeBytes),
  };
}

/** Reads records by index, in the order given. */
export async function readRecords(
  reader: LogReader,
  indexes: readonly number[],
): Promise<RecordView[]> {
  const stored = await Promise.all(indexes.map(async (index) => await reader.read(index)));
  return stored.map(viewRecord);
}
