/** Opens the index file for writing, after making sure that it is an index of this log. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf } from '../errors.ts';
import {
  SCHEMA_VERSION,
  createSchema,
  deleteIndexFiles,
  isDamage,
  openDatabase,
  readHead,
} from './schema.ts';
import type { RecordSource } from './source.ts';
import { IndexWriter, leafOf } from './writer.ts';

export interface OpenedIndexFile {
  readonly writer: IndexWriter;
  /** Why an index that was there had to be deleted and is being made again. */
  readonly notice?: string;
}

/** Opens or creates the index; one that is damaged or of another log is deleted first. */
export async function openIndexFile(
  path: string,
  source: RecordSource,
  anew: boolean,
): Promise<OpenedIndexFile> {
  mkdirSync(dirname(path), { recursive: true });
  if (anew) deleteIndexFiles(path);
  const existed = existsSync(path);
  let reason: string;
  try {
    const db = openDatabase(path, 'write');
    const fault = existed ? await faultOf(db, source) : undefined;
    if (fault === undefined) {
      if (readHead(db) === undefined) createSchema(db, await source.origin());
      return { writer: new IndexWriter(db) };
    }
    db.close();
    reason = fault;
  } catch (error) {
    if (!isDamage(error)) throw error;
    reason = `the file is damaged: ${messageOf(error)}`;
  }
  deleteIndexFiles(path);
  const db = openDatabase(path, 'write');
  createSchema(db, await source.origin());
  return { writer: new IndexWriter(db), notice: `the index is being made anew: ${reason}` };
}

/** What keeps this from being an index of the log as it is now. */
async function faultOf(db: DatabaseSync, source: RecordSource): Promise<string | undefined> {
  const head = readHead(db);
  if (head === undefined) return undefined;
  if (head.version !== SCHEMA_VERSION)
    return `expected version ${SCHEMA_VERSION}, got ${head.version}`;
  const origin = await source.origin();
  if (head.origin !== origin) return `it belongs to the log ${head.origin}, not to ${origin}`;
  const size = await source.size();
  if (head.size > size) return `it holds ${head.size} records, the log ${size}`;
  if (head.size === 0) return undefined;
  const { envelopeBytes } = await source.read(head.size - 1);
  return leafOf(envelopeBytes) === head.leaf
    ? undefined
    : `record ${head.size - 1} is another one in the log`;
}
