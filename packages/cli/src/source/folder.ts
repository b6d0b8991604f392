import { userInfo } from 'node:os';
import {
  openLogReader,
  type LogIndex,
  type LogReader,
  type StoredRecord,
} from '@countersign/ledger';
import { parseContent, parseQuery, resolveQuery, sentence } from '@countersign/records';
import { formatTlogProof, leafHash, toBase64, toHex } from '@countersign/tlog';
import { CliError } from '../errors.ts';
import { existingData, type DataFolder } from '../files.ts';
import { openFolderIndex } from './folder-index.ts';
import type { FullRecord, RecordSource, RecordView, SearchPage, SearchRequest } from './source.ts';

/** Reads a data folder; a server may be writing it at the same time. */
export async function openFolderSource(
  dir: string,
  say: (line: string) => void,
): Promise<RecordSource> {
  const folder = await existingData(dir);
  return new FolderSource(folder, await openLogReader({ dir: folder.log }), say);
}

class FolderSource implements RecordSource {
  readonly #folder: DataFolder;
  readonly #reader: LogReader;
  readonly #say: (line: string) => void;
  #index: LogIndex | undefined;

  constructor(folder: DataFolder, reader: LogReader, say: (line: string) => void) {
    this.#folder = folder;
    this.#reader = reader;
    this.#say = say;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const query = resolveQuery(parseQuery(request.query), {
      now: new Date(),
      me: userInfo().username,
    });
    this.#index ??= await openFolderIndex(this.#folder, await this.#reader.size(), this.#say);
    const { indexes, next } = await this.#index.search({
      query,
      order: request.order,
      limit: request.limit,
      ...(request.cursor !== undefined && { cursor: request.cursor }),
    });
    const records: RecordView[] = [];
    for (const position of indexes) records.push(viewOf(await this.#reader.read(position)));
    return { records, next };
  }

  async read(index: number): Promise<FullRecord> {
    const record = await this.#stored(index);
    return {
      ...viewOf(record),
      envelopeBytes: toBase64(record.envelopeBytes),
      salt: record.contentBytes === null ? null : toBase64(record.salt),
      contentBytes: record.contentBytes === null ? null : toBase64(record.contentBytes),
    };
  }

  async prove(index: number): Promise<string> {
    await this.#stored(index);
    return formatTlogProof(await this.#reader.prove(index));
  }

  async close(): Promise<void> {
    await this.#index?.close();
    this.#reader.close();
  }

  async #stored(index: number): Promise<StoredRecord> {
    const size = await this.#reader.size();
    if (index >= size) {
      throw new CliError(
        'record_not_found',
        `record ${index} does not exist: the log in ${this.#folder.dir} has ${size} records, numbered from 0`,
        {
          details: { index, size },
        },
      );
    }
    return this.#reader.read(index);
  }
}

function viewOf(record: StoredRecord): RecordView {
  const content = record.contentBytes === null ? null : parseContent(record.contentBytes);
  return {
    index: record.index,
    envelope: record.envelope,
    content,
    sentence: sentence(record.envelope, content),
    leafHash: toHex(leafHash(record.envelopeBytes)),
  };
}
