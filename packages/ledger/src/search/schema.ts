/**
 * The index file. It is a view of the log: when anything about it is doubtful it is deleted and made
 * again. One row and one full-text document per record; values that few records differ in are kept
 * once, in dictionaries; what charts and facets ask is counted while indexing.
 */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Raised whenever what is stored changes: an index of another version is made again. */
export const SCHEMA_VERSION = 3;

const SCHEMA = `
-- What the index belongs to and how far it goes; written with the rows it speaks of.
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;

-- Values by number: see dictionary.ts for what the kinds are.
CREATE TABLE dictionary (
  kind INTEGER NOT NULL, id INTEGER NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- One row per record. who, address, setting, permit, properties: 0 for none. Texts are folded in case.
CREATE TABLE entry (
  idx INTEGER PRIMARY KEY, time INTEGER NOT NULL, seq INTEGER NOT NULL, shape INTEGER NOT NULL,
  who INTEGER NOT NULL, address INTEGER NOT NULL, setting INTEGER NOT NULL, permit INTEGER NOT NULL, properties INTEGER NOT NULL,
  target_id TEXT, target_name TEXT
) STRICT;
CREATE INDEX entry_time ON entry (time);

-- Words and terms of each record; nothing is kept but which record holds which.
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', detail=none, columnsize=0, tokenize="ascii tokenchars '~'"
);
INSERT INTO words (words, rank) VALUES ('automerge', 16);
INSERT INTO words (words, rank) VALUES ('hashsize', 2097152);

-- Records per hour and per day by shape: histograms, facets and counts without reading rows.
CREATE TABLE hour_count (
  hour INTEGER NOT NULL, shape INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (hour, shape)
) STRICT, WITHOUT ROWID;
CREATE TABLE day_count (
  day INTEGER NOT NULL, shape INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, shape)
) STRICT, WITHOUT ROWID;

-- Where the records of an hour and a day lie. Times need not follow the order of the log (older logs
-- are imported later), so a range of times is a set of ranges of places.
CREATE TABLE hour_place (
  hour INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL
) STRICT;
CREATE TABLE day_place (
  day INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL
) STRICT;
`;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** What `meta` says. */
export interface IndexHead {
  readonly version: number;
  readonly origin: string;
  /** Records indexed: `[0, size)`. */
  readonly size: number;
  /** Leaf hash of the last of them, base64; empty at size 0. Binds the index to one log. */
  readonly leaf: string;
}

export function openDatabase(path: string, mode: 'write' | 'read'): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 10_000 });
  // Losing the last transactions in a power failure is fine, a torn file is not: normal, not off.
  db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;');
  // What is forgotten is overwritten, also where a page was given up before.
  db.exec(
    mode === 'read'
      ? 'PRAGMA query_only = 1; PRAGMA cache_size = -131072;'
      : 'PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;',
  );
  return db;
}

export function createSchema(db: DatabaseSync, origin: string): void {
  db.exec('BEGIN IMMEDIATE');
  db.exec(SCHEMA);
  writeHead(db, { version: SCHEMA_VERSION, origin, size: 0, leaf: '' });
  db.exec('COMMIT');
}

/** The head, or undefined where there is no index yet. */
export function readHead(db: DatabaseSync): IndexHead | undefined {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get();
  if (known === undefined) return undefined;
  const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: unknown }[];
  const meta = new Map(rows.map((r) => [r.key, r.value]));
  return {
    version: Number(meta.get('version')),
    origin: String(meta.get('origin')),
    size: Number(meta.get('size')),
    leaf: String(meta.get('leaf')),
  };
}

/** How often something was forgotten: what others keep in memory of the index may hold it. */
export function readForgotten(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'forgotten'").get();
  return Number(row?.['value'] ?? 0);
}

export function writeForgotten(db: DatabaseSync, times: number): void {
  db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('forgotten', ?)").run(times);
}

export function writeHead(db: DatabaseSync, head: IndexHead): void {
  const put = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  for (const [key, value] of Object.entries(head)) put.run(key, value as string | number);
}

export function deleteIndexFiles(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

/** Whether SQLite says the file itself is broken, rather than busy, full or misused. */
export function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  // SQLITE_CORRUPT and SQLITE_NOTADB, with their extended codes.
  return typeof code === 'number' && ((code & 0xff) === 11 || (code & 0xff) === 26);
}
