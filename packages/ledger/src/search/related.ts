/** Records that belong to one record: found by terms written with every record, not by searching texts. */
import type { DatabaseSync } from 'node:sqlite';
import { fold } from '@countersign/records';
import type { Content, ObjectRef } from '@countersign/records';
import { LedgerError } from '../errors.ts';
import { objectTerm, queriedRecord } from './row.ts';
import type { RecordSource } from './source.ts';
import { TERM, textTerm } from './term.ts';
import type { RelatedRecord, Relation } from './types.ts';

/** Objects of one record that are followed: the target and the first related ones. */
const MAX_OBJECTS = 16;

/** The newest `limit` records that share an object, a correlation or a session with record `index`. */
export async function findRelated(
  db: DatabaseSync,
  source: RecordSource,
  index: number,
  limit: number,
  size: number,
): Promise<RelatedRecord[]> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LedgerError(
      'record_missing',
      `index: expected a record below ${size}, got ${index}`,
      { index },
    );
  }
  const { content } = queriedRecord(await source.read(index));
  if (content === null) return [];
  const terms = objectsOf(content)
    .slice(0, MAX_OBJECTS)
    .map((o) => objectTerm(o.type, fold(o.id)));
  if (content.correlation !== undefined)
    terms.push(textTerm(TERM.correlation, fold(content.correlation)));
  if (content.actor.session !== undefined)
    terms.push(textTerm(TERM.session, fold(content.actor.session)));
  if (terms.length === 0) return [];
  const rows = db
    .prepare(
      'SELECT rowid FROM words WHERE words MATCH ? AND rowid <> ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
    )
    .all(terms.map((t) => `"${t}"`).join(' OR '), index, size, limit) as { rowid: number }[];
  const found: RelatedRecord[] = [];
  for (const { rowid } of rows) {
    // Terms are hashes and fold case: the records say what they have in common.
    const relations = relationsOf(content, queriedRecord(await source.read(rowid)).content);
    if (relations.length > 0) found.push({ index: rowid, relations });
  }
  return found;
}

function objectsOf({ target, related = [] }: Content): ObjectRef[] {
  return target === undefined ? [...related] : [target, ...related];
}

function relationsOf(a: Content, b: Content | null): Relation[] {
  if (b === null) return [];
  const same = (x: ObjectRef | undefined, y: ObjectRef | undefined): boolean =>
    x !== undefined && y !== undefined && x.type === y.type && x.id === y.id;
  const relations: Relation[] = [];
  const sameTarget = same(a.target, b.target);
  if (sameTarget) relations.push('target');
  else if (objectsOf(a).some((x) => objectsOf(b).some((y) => same(x, y)))) relations.push('object');
  if (a.correlation !== undefined && a.correlation === b.correlation) relations.push('correlation');
  if (a.actor.session !== undefined && a.actor.session === b.actor.session)
    relations.push('session');
  return relations;
}
