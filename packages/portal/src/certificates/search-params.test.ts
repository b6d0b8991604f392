import { CERTIFICATE_FIELDS, parseQuery } from '@countersign/records';
import { expect, test } from 'vitest';
import {
  parametersOf,
  parseCertificateSearch,
  queryOf,
  queryWithin,
  sortedBy,
} from './search-params.ts';

test('the address is read, and what it does not know is left out', () => {
  expect(
    parseCertificateSearch({ q: 'CN -eq "a"', state: 'revoked', expiring: '30', collection: '7' }),
  ).toEqual({ q: 'CN -eq "a"', state: 'revoked', expiring: 30, collection: 7 });
  expect(
    parseCertificateSearch({ q: '', state: 'lost', expiring: '-1', collection: 'x', sort: 'id' }),
  ).toEqual({});
});

test('filters and the typed query become one query that can be read', () => {
  const query = queryOf({
    q: 'CN -eq "a" OR CN -eq "b"',
    state: 'active',
    template: 'Web "server"',
    expiring: 30,
  });
  expect(query).toBe(
    '(CN -eq "a" OR CN -eq "b") AND State -eq "active" AND Template -eq "Web ""server""" AND NotAfter -ge %TODAY% AND NotAfter -le %TODAY+30%',
  );
  expect(() => parseQuery(query, CERTIFICATE_FIELDS)).not.toThrow();
  expect(queryOf({ q: ' one OR two ' })).toBe('one OR two');
  expect(queryOf({ state: 'current' })).toBe('State -ne "revoked" AND State -ne "expired"');
  expect(queryWithin('CN -eq "a" OR CN -eq "b"', query)).toBe(
    `(CN -eq "a" OR CN -eq "b") AND (${query})`,
  );
  expect(queryWithin(' ', 'a')).toBe('a');
  expect(queryWithin('', '')).toBe('');
});

test('a search is sent as its query, its collection and its order', () => {
  expect(parametersOf({})).toEqual({});
  expect(parametersOf({ state: 'active', collection: 7 })).toEqual({
    query: 'State -eq "active"',
    collection: 7,
  });
  expect(parametersOf({ sort: 'notAfter' })).toEqual({ sort: 'notAfter', order: 'asc' });
  expect(parametersOf({ sort: 'notAfter', dir: 'desc' })).toEqual({
    sort: 'notAfter',
    order: 'desc',
  });
});

test('the same title again turns the order round', () => {
  const once = sortedBy({ q: 'a' }, 'notAfter');
  expect(once).toEqual({ q: 'a', sort: 'notAfter' });
  expect(sortedBy(once, 'notAfter')).toEqual({ q: 'a', sort: 'notAfter', dir: 'desc' });
  expect(sortedBy(sortedBy(once, 'notAfter'), 'notAfter')).toEqual(once);
  expect(sortedBy(once, 'issuer')).toEqual({ q: 'a', sort: 'issuer' });
});
