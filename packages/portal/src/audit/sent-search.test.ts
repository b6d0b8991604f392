import { parseQuery } from '@countersign/records';
import { expect, test } from 'vitest';
import { READING } from './reading.ts';
import { sentSearch } from './sent-search.ts';

const custom = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };

test('the plain view leaves reading out and asks for it apart', () => {
  const sent = sentSearch({});
  expect(sent.query).toBe(`NOT (${READING})`);
  expect(sent.hidden?.query).toBe(READING);
  expect(sent).toMatchObject({ reading: 'hidden', order: 'desc', valid: true });
});

test('with reading shown the query is sent as it was written', () => {
  expect(sentSearch({ reading: 'shown' })).toMatchObject({ query: '', hidden: null });
  const denied = 'Resource -eq "certServer.log.content.signedAudit" AND Outcome -eq "Failure"';
  expect(sentSearch({ q: denied })).toMatchObject({
    query: denied,
    hidden: null,
    reading: 'asked for',
  });
});

test('the range holds for what is shown and for what is hidden', () => {
  const { query, hidden } = sentSearch({ q: 'Level -eq "Warning"', ...custom });
  for (const text of [query, hidden?.query ?? '']) {
    expect(text).toContain(`Timestamp -ge "${custom.from}" AND Timestamp -lt "${custom.to}"`);
    expect(text).toContain('(Level -eq "Warning")');
    expect(parseQuery(text).kind).toBe('and');
  }
});

test('a query that cannot be read is not sent', () => {
  expect(sentSearch({ q: 'Levle -eq 1' }).valid).toBe(false);
});

test('the same search keeps its moment', () => {
  expect(sentSearch({ q: 'x' }).asOf).toBe(sentSearch({ q: 'x' }).asOf);
  expect(sentSearch({ q: 'x' }).key).not.toBe(sentSearch({ q: 'x', order: 'asc' }).key);
});
