/** Cursors: where a page ended, bound to its query and order so that no other can go on from it. */
import { hash } from 'node:crypto';
import { LedgerError } from '../errors.ts';
import type { SearchRequest } from './types.ts';

type Paged = Pick<SearchRequest, 'query' | 'order'>;

/** `index` is the last place the page looked at. */
export function formatCursor(request: Paged, index: number): string {
  return Buffer.from(`1:${index}:${binding(request)}`).toString('base64url');
}

/** Throws LedgerError `cursor_invalid`. */
export function parseCursor(request: Paged, cursor: string): number {
  const match = /^1:(0|[1-9]\d{0,15}):([\w-]{22})$/.exec(
    Buffer.from(cursor, 'base64url').toString('latin1'),
  );
  const index = Number(match?.[1]);
  if (match === null || !Number.isSafeInteger(index) || formatCursor(request, index) !== cursor) {
    const why =
      match === null ? 'it is not one this index gave out' : 'it belongs to another query or order';
    throw new LedgerError(
      'cursor_invalid',
      `cursor: expected the cursor of an earlier page, ${why}`,
    );
  }
  return index;
}

function binding({ query, order }: Paged): string {
  return hash('sha256', `${order}\n${JSON.stringify(query)}`, 'base64url').slice(0, 22);
}
