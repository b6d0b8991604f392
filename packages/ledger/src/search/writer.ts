/** Writes the index, in transactions that also say how far the index now goes. */
import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LedgerError } from '../errors.ts';
import { KINDS, newDictionaries } from './dictionary.ts';
import type { Kind } from './dictionary.ts';
import { isForgotten, replaceRow } from './forget.ts';
import { RowBuilder } from './row.ts';
import type { Row } from './row.ts';
import { DAY_MS, HOUR_MS, SCHEMA_VERSION, readHead, writeHead } from './schema.ts';
import type { SpelledRecord } from '../reader.ts';

/** Shapes in one key beside an hour: `hour * SHAPES + shape` stays a safe integer to the year 9999. */
const SHAPES = 2 ** 24;

/** What a transaction adds to the counts. */
class Tallies {
  readonly hours = new Map<number, number>();
  readonly places = new Map<number, { first: number; last: number; count: number }>();
  readonly values = new Map<Kind, Map<number, number>>(
    KINDS.map((k) => [k, new Map<number, number>()]),
  );

  add(row: Row): void {
    const hour = Math.floor(row.time / HOUR_MS);
    const key = hour * SHAPES + row.shape;
    this.hours.set(key, (this.hours.get(key) ?? 0) + 1);
    const place = this.places.get(hour);
    if (place === undefined) this.places.set(hour, { first: row.index, last: row.index, count: 1 });
    else {
      place.last = row.index;
      place.count++;
    }
    for (const kind of KINDS) {
      const id = row[kind];
      if (id === 0) continue;
      const counts = this.values.get(kind)!;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
}

export class IndexWriter {
  readonly #db: DatabaseSync;
  readonly #dictionaries = newDictionaries();
  #builder: RowBuilder;
  readonly #saved = new Map<Kind, number>();
  readonly #statements: Readonly<
    Record<
      'entry' | 'words' | 'value' | 'tally' | 'size' | 'hour' | 'day' | 'hourPlace' | 'dayPlace',
      StatementSync
    >
  >;
  readonly #origin: string;
  /** Records the file holds. */
  #size: number;
  #next: number;
  #tallies = new Tallies();
  #last: SpelledRecord | undefined;

  /** The database must hold an index of this version. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    const head = readHead(db);
    if (head === undefined || head.version !== SCHEMA_VERSION)
      throw new Error('bad math in IndexWriter: no schema');
    this.#size = head.size;
    this.#next = head.size;
    this.#origin = head.origin;
    for (const kind of KINDS) {
      this.#dictionaries[kind].refresh(db);
      this.#saved.set(kind, this.#dictionaries[kind].size);
    }
    this.#builder = new RowBuilder(this.#dictionaries);
    const upsert = (table: string, key: string): StatementSync =>
      db.prepare(
        `INSERT INTO ${table} (${key}, shape, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count`,
      );
    const place = (table: string, key: string): StatementSync =>
      db.prepare(
        `INSERT INTO ${table} (${key}, first, last, count) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET last = excluded.last, count = count + excluded.count`,
      );
    this.#statements = {
      entry: db.prepare(
        `INSERT INTO entry (idx, time, seq, shape, who, address, setting, permit, properties, target_id, target_name)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      words: db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)'),
      value: db.prepare('INSERT INTO dictionary (kind, id, value) VALUES (?, ?, ?)'),
      tally: db.prepare('UPDATE dictionary SET count = count + ? WHERE kind = ? AND id = ?'),
      size: db.prepare("SELECT value FROM meta WHERE key = 'size'"),
      hour: upsert('hour_count', 'hour'),
      day: upsert('day_count', 'day'),
      hourPlace: place('hour_place', 'hour'),
      dayPlace: place('day_place', 'day'),
    };
  }

  get size(): number {
    return this.#size;
  }

  /** Records indexed since the last commit. */
  get pending(): number {
    return this.#next - this.#size;
  }

  /**
   * Indexes records, which must follow those indexed so far. The file holds them after `commit`. If
   * either throws, the file is as it was after the last one, and this writer of no further use: its
   * dictionaries are ahead.
   */
  write(records: readonly SpelledRecord[]): void {
    this.#try(() => {
      if (!this.#db.isTransaction) {
        this.#db.exec('BEGIN IMMEDIATE');
        this.#checkAlone();
      }
      const { entry, words } = this.#statements;
      for (const record of records) {
        if (record.index !== this.#next)
          throw new RangeError(`records: expected record ${this.#next} next, got ${record.index}`);
        const row = this.#builder.build(record);
        entry.run(
          row.index,
          row.time,
          row.seq,
          row.shape,
          row.who,
          row.address,
          row.setting,
          row.permit,
          row.properties,
          row.targetId,
          row.targetName,
        );
        words.run(row.index, row.text);
        this.#tallies.add(row);
        this.#next++;
      }
      this.#last = records.at(-1) ?? this.#last;
    });
  }

  commit(): void {
    const last = this.#last;
    if (last === undefined) return;
    this.#try(() => {
      this.#writeDictionaries();
      this.#writeTallies(this.#tallies);
      writeHead(this.#db, {
        version: SCHEMA_VERSION,
        origin: this.#origin,
        size: this.#next,
        leaf: leafOf(Buffer.from(last.envelope)),
      });
      this.#db.exec('COMMIT');
    });
    this.#size = this.#next;
    this.#tallies = new Tallies();
    this.#last = undefined;
  }

  /**
   * Takes out what the file holds of a record's content; `record` still has it. Between two commits only. Throws
   * LedgerError `index_damaged` when the row is not the record's. If it throws, this writer is of no further use.
   */
  forget(record: SpelledRecord): void {
    if (this.pending > 0) throw new Error('bad math in IndexWriter.forget: not committed');
    this.#try(() => {
      this.#db.exec('BEGIN IMMEDIATE');
      this.#checkAlone();
      const before = this.#builder.build(record);
      const after = this.#builder.build({ ...record, content: null });
      this.#writeDictionaries();
      replaceRow(this.#db, this.#dictionaries, before, after);
      this.#db.exec('COMMIT');
    });
    // What it remembers may hold what was forgotten.
    this.#builder = new RowBuilder(this.#dictionaries);
    // The pages as they were are in the file's log until it is begun anew.
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Whether the row of a record holds nothing of its content; undefined where there is no row. */
  hasForgotten(index: number): boolean | undefined {
    return isForgotten(this.#db, index);
  }

  #try(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Two writers would number their dictionaries apart. */
  #checkAlone(): void {
    const { value } = this.#statements.size.get() as { value: number };
    if (value !== this.#size) {
      throw new LedgerError(
        'index_failed',
        `another process writes this index: expected size ${this.#size}, got ${value}`,
      );
    }
  }

  #writeDictionaries(): void {
    for (const [number, kind] of KINDS.entries()) {
      const dictionary = this.#dictionaries[kind];
      for (let id = this.#saved.get(kind)! + 1; id <= dictionary.size; id++) {
        this.#statements.value.run(number, id, JSON.stringify(dictionary.value(id)));
      }
      this.#saved.set(kind, dictionary.size);
    }
  }

  #writeTallies({ hours, places, values }: Tallies): void {
    const { hour, day, hourPlace, dayPlace, tally } = this.#statements;
    const perDay = HOURS_PER_DAY;
    const days = new Map<number, number>();
    for (const [key, count] of hours) {
      const at = Math.floor(key / SHAPES);
      const shape = key - at * SHAPES;
      hour.run(at, shape, count);
      const dayKey = Math.floor(at / perDay) * SHAPES + shape;
      days.set(dayKey, (days.get(dayKey) ?? 0) + count);
    }
    for (const [key, count] of days) {
      const at = Math.floor(key / SHAPES);
      day.run(at, key - at * SHAPES, count);
    }
    for (const [at, { first, last, count }] of places) {
      hourPlace.run(at, first, last, count);
    }
    for (const [at, { first, last, count }] of placesOfDays(places))
      dayPlace.run(at, first, last, count);
    for (const [kind, counts] of values) {
      for (const [id, count] of counts) tally.run(count, KINDS.indexOf(kind), id);
    }
  }

  close(): void {
    this.#db.close();
  }
}

const HOURS_PER_DAY = DAY_MS / HOUR_MS;

function placesOfDays(hours: Tallies['places']): Tallies['places'] {
  const days: Tallies['places'] = new Map();
  for (const [hour, { first, last, count }] of hours) {
    const at = Math.floor(hour / HOURS_PER_DAY);
    const day = days.get(at);
    if (day === undefined) days.set(at, { first, last, count });
    else
      days.set(at, {
        first: Math.min(day.first, first),
        last: Math.max(day.last, last),
        count: day.count + count,
      });
  }
  return days;
}

/** SHA-256(0x00 || envelope), RFC 6962's leaf hash, in base64. */
export function leafOf(envelopeBytes: Uint8Array): string {
  const leaf = new Uint8Array(envelopeBytes.length + 1);
  leaf.set(envelopeBytes, 1);
  return hash('sha256', leaf, 'base64');
}
