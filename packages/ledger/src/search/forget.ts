/**
 * Takes out of the index what it holds of a content that is being erased, so that the row is what it would be had the
 * content never been there: words, columns, counts, and values of dictionaries that only this record had.
 *
 * The full-text index keeps no texts, so that its entries can be taken out only while the content can still be read:
 * the index forgets first, then the log erases.
 */
import type { DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../errors.ts';
import { FORGOTTEN, KINDS } from './dictionary.ts';
import type { Dictionaries } from './dictionary.ts';
import type { Row } from './row.ts';
import { DAY_MS, HOUR_MS, readForgotten, writeForgotten } from './schema.ts';

/** Whether a row holds nothing of a content: every content has an actor. Undefined where there is no row. */
export function isForgotten(db: DatabaseSync, index: number): boolean | undefined {
  const row = db.prepare('SELECT who FROM entry WHERE idx = ?').get(index);
  return row === undefined ? undefined : row['who'] === 0;
}

/**
 * Replaces a record's row by the one it has without its content, in the transaction that is open. What the
 * dictionaries have of new values must be written by then. Throws LedgerError `index_damaged` when the row is not the
 * one that was made of the content: its words could not be found again.
 */
export function replaceRow(
  db: DatabaseSync,
  dictionaries: Dictionaries,
  before: Row,
  after: Row,
): void {
  const { index } = before;
  const stored = db.prepare('SELECT * FROM entry WHERE idx = ?').get(index);
  const differs = KINDS.some((kind) => stored?.[kind] !== before[kind]);
  if (differs || stored?.['target_id'] !== before.targetId) {
    throw new LedgerError('index_damaged', `record ${index} was another one when it was indexed`, {
      index,
    });
  }
  // Entries are taken out where they are, instead of being marked as gone until a later merge.
  db.exec("INSERT INTO words (words, rank) VALUES ('secure-delete', 1)");
  const remove = db.prepare("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)");
  remove.run(index, before.text);
  db.prepare('INSERT INTO words (rowid, text) VALUES (?, ?)').run(index, after.text);

  const columns = KINDS.map((kind) => `${kind} = ?`).join(', ');
  db.prepare(`UPDATE entry SET ${columns}, target_id = NULL, target_name = NULL WHERE idx = ?`).run(
    ...KINDS.map((kind) => after[kind]),
    index,
  );

  for (const [unit, ms] of [
    ['hour', HOUR_MS],
    ['day', DAY_MS],
  ] as const) {
    const at = Math.floor(before.time / ms);
    const add = db.prepare(
      `INSERT INTO ${unit}_count (${unit}, shape, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    );
    add.run(at, before.shape, -1);
    add.run(at, after.shape, 1);
    db.prepare(`DELETE FROM ${unit}_count WHERE ${unit} = ? AND count = 0`).run(at);
  }

  const tally = db.prepare('UPDATE dictionary SET count = count + ? WHERE kind = ? AND id = ?');
  const left = db.prepare('SELECT count FROM dictionary WHERE kind = ? AND id = ?');
  const drop = db.prepare('UPDATE dictionary SET value = ? WHERE kind = ? AND id = ?');
  for (const [number, kind] of KINDS.entries()) {
    tally.run(-1, number, before[kind]);
    tally.run(1, number, after[kind]);
    if (left.get(number, before[kind])?.['count'] !== 0) continue;
    drop.run(JSON.stringify(FORGOTTEN), number, before[kind]);
    dictionaries[kind].forget(before[kind]);
  }
  writeForgotten(db, readForgotten(db) + 1);
}
