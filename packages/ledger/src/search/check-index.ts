/** Compares an index with its log: every row it should have, none it should not, nothing else in them. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { LedgerError, messageOf } from '../errors.ts';
import { KINDS, newDictionaries } from './dictionary.ts';
import { logSource } from './log-source.ts';
import { RowBuilder } from './row.ts';
import type { Row } from './row.ts';
import { SCHEMA_VERSION, openDatabase, readHead } from './schema.ts';
import type { SpelledRecord } from '../reader.ts';
import { openSource, spelling } from './source.ts';
import type { RecordSource, SourceModule } from './source.ts';
import { leafOf } from './writer.ts';

export interface IndexProblem {
  /** `missing`: in the log alone. `surplus`: in the index alone. `wrong`: not the same in both. */
  readonly kind: 'missing' | 'surplus' | 'wrong' | 'damaged';
  readonly index?: number;
  readonly message: string;
}

export interface IndexReport {
  readonly ok: boolean;
  /** Records in the log. */
  readonly size: number;
  /** Records the index says it holds. */
  readonly indexed: number;
  /** Records compared. */
  readonly checked: number;
  /** The first ones; see `truncated`. */
  readonly problems: readonly IndexProblem[];
  readonly truncated: boolean;
}

export interface CheckIndexOptions {
  readonly path: string;
  readonly logDir: string;
  /** Compare so many records, spread evenly, instead of all. */
  readonly sample?: number;
  readonly onProgress?: (progress: { readonly checked: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
  readonly source?: SourceModule;
}

const MAX_PROBLEMS = 100;
/** Looking up every word of a record costs a hundred times its row: this many are, spread evenly. */
const WORD_CHECKS = 250;
const CHUNK = 1000;

/** Checks an index against its log. Throws LedgerError `index_missing`; anything wrong is in the report. */
export async function checkIndex(options: CheckIndexOptions): Promise<IndexReport> {
  const { path } = options;
  if (!existsSync(path))
    throw new LedgerError('index_missing', `there is no index at ${path}`, { file: path });
  const source = await openSource(options.source ?? logSource(options.logDir));
  const check = new Check(source, path);
  let db: DatabaseSync | undefined;
  try {
    db = openDatabase(path, 'read');
    await check.run(db, options);
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    check.add({ kind: 'damaged', message: `the index can't be read: ${messageOf(error)}` });
  } finally {
    db?.close();
    await source.close();
  }
  return check.report();
}

class Check {
  readonly #source: RecordSource;
  readonly #path: string;
  #size = 0;
  readonly #problems: IndexProblem[] = [];
  /** Records that differed when they were compared. */
  readonly #doubtful: number[] = [];
  #indexed = 0;
  #checked = 0;
  #truncated = false;

  constructor(source: RecordSource, path: string) {
    this.#source = source;
    this.#path = path;
  }

  add(problem: IndexProblem): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
    else this.#truncated = true;
  }

  report(): IndexReport {
    return {
      ok: this.#problems.length === 0,
      size: this.#size,
      indexed: this.#indexed,
      checked: this.#checked,
      problems: this.#problems,
      truncated: this.#truncated,
    };
  }

  async run(
    db: DatabaseSync,
    { sample = Infinity, onProgress, signal }: CheckIndexOptions,
  ): Promise<void> {
    if (!(await this.#checkHead(db))) return;
    this.#checkSums(db);
    const rows = new RowCheck(db, (p) => this.#doubt(p));
    const end = Math.min(this.#indexed, this.#size);
    const total = Math.min(end, sample);
    const everyWord = Math.max(1, Math.floor(total / WORD_CHECKS));
    const compare = (record: SpelledRecord): void => {
      signal?.throwIfAborted();
      rows.check(record, this.#checked % everyWord === 0);
      this.#checked++;
      if (this.#checked % CHUNK === 0) onProgress?.({ checked: this.#checked, total });
    };
    if (total < end) {
      for (let i = 0; i < total; i++)
        compare(spelling(await this.#source.read(Math.floor((i * end) / total))));
    } else {
      for await (const records of this.#source.spellRange(0, end)) records.forEach(compare);
    }
    onProgress?.({ checked: this.#checked, total });
    await this.#checkAgain();
  }

  /** A record may have been erased since it was compared, or just then: what counts is how it is now. */
  async #checkAgain(): Promise<void> {
    if (this.#doubtful.length === 0) return;
    const db = openDatabase(this.#path, 'read');
    try {
      const rows = new RowCheck(db, (p) => this.add(p));
      for (const index of this.#doubtful) {
        for await (const [record] of this.#source.spellRange(index, index + 1)) {
          if (record !== undefined) rows.check(record, true);
        }
      }
    } finally {
      db.close();
    }
  }

  #doubt(problem: IndexProblem): void {
    if (problem.index === undefined || problem.kind !== 'wrong') this.add(problem);
    else if (this.#doubtful.length < MAX_PROBLEMS) this.#doubtful.push(problem.index);
    else this.#truncated = true;
  }

  async #checkHead(db: DatabaseSync): Promise<boolean> {
    // One transaction over everything: the index may be growing meanwhile. The log is looked at after the index, so that
    // it has whatever the index has.
    db.exec('BEGIN');
    const head = readHead(db);
    this.#size = await this.#source.size();
    if (head === undefined || head.version !== SCHEMA_VERSION) {
      const message = `expected an index of version ${SCHEMA_VERSION}, got ${head?.version ?? 'none'}`;
      this.add({ kind: 'damaged', message });
      return false;
    }
    this.#indexed = head.size;
    const origin = await this.#source.origin();
    if (head.origin !== origin) {
      this.add({
        kind: 'wrong',
        message: `the index belongs to the log ${head.origin}, not to ${origin}`,
      });
      return false;
    }
    if (head.size > this.#size) {
      this.add({
        kind: 'surplus',
        message: `the index holds ${head.size} records, the log ${this.#size}`,
      });
    } else if (head.size > 0) {
      const last = await this.#source.read(head.size - 1);
      if (leafOf(last.envelopeBytes) !== head.leaf) {
        this.add({
          kind: 'wrong',
          index: head.size - 1,
          message: `record ${head.size - 1} was another one when it was indexed`,
        });
      }
    }
    return true;
  }

  /** What can be told without the log: rows, documents and counts agree with one another. */
  #checkSums(db: DatabaseSync): void {
    const number = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
    const expect = (what: string, got: number): void => {
      if (got !== this.#indexed)
        this.add({
          kind: got < this.#indexed ? 'missing' : 'surplus',
          message: `${what}: expected ${this.#indexed}, got ${got}`,
        });
    };
    expect('rows', number('SELECT count(*) AS n FROM entry'));
    expect(
      'documents of words',
      number(`SELECT count(*) AS n FROM words WHERE words MATCH '"~a"'`),
    );
    expect('records counted by place', number('SELECT ifnull(sum(count), 0) AS n FROM hour_place'));
    const beyond = db
      .prepare('SELECT idx FROM entry WHERE idx < 0 OR idx >= ? LIMIT 10')
      .all(this.#indexed) as { idx: number }[];
    for (const { idx } of beyond)
      this.add({ kind: 'surplus', index: idx, message: `row ${idx} is of no record in the log` });
    for (const [unit, ms] of [
      ['hour', 3_600_000],
      ['day', 86_400_000],
    ] as const) {
      const at = `(time - ((time % ${ms}) + ${ms}) % ${ms}) / ${ms}`;
      const rows = `SELECT ${at} AS at, shape, count(*) FROM entry GROUP BY 1, 2`;
      const counted = `SELECT ${unit}, shape, count FROM ${unit}_count`;
      const wrong = number(
        `SELECT (SELECT count(*) FROM (${rows} EXCEPT ${counted})) + (SELECT count(*) FROM (${counted} EXCEPT ${rows})) AS n`,
      );
      if (wrong > 0)
        this.add({
          kind: 'wrong',
          message: `${wrong} counts per ${unit} are not what the rows add up to`,
        });
    }
  }
}

/** Compares single rows. */
class RowCheck {
  readonly #db: DatabaseSync;
  readonly #add: (problem: IndexProblem) => void;
  readonly #dictionaries = newDictionaries();
  readonly #builder: RowBuilder;
  readonly #known: ReadonlyMap<string, number>;

  constructor(db: DatabaseSync, add: (problem: IndexProblem) => void) {
    this.#db = db;
    this.#add = add;
    for (const kind of KINDS) this.#dictionaries[kind].refresh(db);
    this.#known = new Map(KINDS.map((k) => [k, this.#dictionaries[k].size]));
    this.#builder = new RowBuilder(this.#dictionaries);
  }

  check(record: SpelledRecord, withWords: boolean): void {
    const { index } = record;
    const found = this.#db.prepare('SELECT * FROM entry WHERE idx = ?').get(index);
    if (found === undefined) {
      this.#add({ kind: 'missing', index, message: `record ${index} is not in the index` });
      return;
    }
    const row = this.#builder.build(record);
    const wrong = COLUMNS.filter(
      ([column, key]) => found[column] !== row[key] || this.#isNew(key, row),
    ).map(([c]) => c);
    if (wrong.length > 0) {
      const erased = record.content === null ? '; its content was erased' : '';
      this.#add({
        kind: 'wrong',
        index,
        message: `record ${index}: ${wrong.join(', ')} differ from the log${erased}`,
      });
    } else if (withWords) {
      this.#checkWords(row);
    }
  }

  /** A value no dictionary of the index knows was given a number of its own just now. */
  #isNew(key: keyof Row, row: Row): boolean {
    const known = this.#known.get(key);
    return known !== undefined && Number(row[key]) > known;
  }

  #checkWords({ index, text }: Row): void {
    const find = this.#db.prepare('SELECT 1 FROM words WHERE words MATCH ? AND rowid = ?');
    const wanted = [...new Set(text.toLowerCase().match(/[a-z0-9~\u0080-\u{10ffff}]+/gu) ?? [])];
    for (let at = 0; at < wanted.length; at += 64) {
      const match = wanted.slice(at, at + 64).map((w) => `"${w}"`);
      if (find.get(match.join(' AND '), index) === undefined) {
        this.#add({
          kind: 'wrong',
          index,
          message: `record ${index} is not found by all its words`,
        });
        return;
      }
    }
  }
}

const COLUMNS: readonly (readonly [string, keyof Row])[] = [
  ['time', 'time'],
  ['seq', 'seq'],
  ['shape', 'shape'],
  ['who', 'who'],
  ['address', 'address'],
  ['setting', 'setting'],
  ['permit', 'permit'],
  ['properties', 'properties'],
  ['target_id', 'targetId'],
  ['target_name', 'targetName'],
];
