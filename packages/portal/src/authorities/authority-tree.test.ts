import { expect, test } from 'vitest';
import type { Authority, RevocationList } from '../api/authorities.ts';
import { authorityTree, listStanding } from './authority-tree.ts';

function authority(id: string, parent: string | null): Authority {
  return {
    id,
    name: `CA ${id}`,
    parent: parent === null ? null : { id: parent, name: `CA ${parent}` },
  } as Authority;
}

test('each authority stands below the one that signed it', () => {
  const rows = authorityTree([
    authority('c', 'a'),
    authority('b', null),
    authority('a', null),
    authority('d', 'c'),
    authority('e', 'elsewhere'),
  ]);
  expect(rows.map((row) => [row.authority.id, row.depth])).toEqual([
    ['a', 0],
    ['c', 1],
    ['d', 2],
    ['b', 0],
    ['e', 0],
  ]);
});

test('a list that is missing, late or due is told', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const full = { number: 7, nextUpdate: '2026-11-23T00:00:00Z' } as RevocationList;
  const standing = (lists: Partial<Authority['lists']>) =>
    listStanding({ lists: { full, delta: null, dueSince: null, ...lists } }, now).word;
  expect(standing({})).toBe('List 7');
  expect(standing({ dueSince: '2026-11-22T11:00:00Z' })).toBe('A new list is due');
  expect(standing({ full: { ...full, nextUpdate: now.toISOString() } })).toBe(
    'List is out of date',
  );
  expect(standing({ full: null })).toBe('No list yet');
});
