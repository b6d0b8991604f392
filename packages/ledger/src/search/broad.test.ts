import { parseQuery, resolveQuery } from '@countersign/records';
import { expect, it } from 'vitest';
import { BroadBeginnings } from './broad.ts';
import { openSource } from './testing/synthetic.ts';

const query = (text: string) => resolveQuery(parseQuery(text), { now: new Date(0) });

it('tells the beginnings much of a large log has from others, wherever a query has them', async () => {
  const broad = new BroadBeginnings(openSource({ count: 60_000 }));
  expect(await broad.of(query('keyexample*'), 60_000)).toEqual(new Set(['keyexample']));
  expect(await broad.of(query('zz*'), 60_000)).toEqual(new Set());
  expect(await broad.of(query('NOT (k* OR zz*) AND producer'), 60_000)).toEqual(new Set(['k']));
  expect(await broad.of(query('keyexample'), 60_000)).toEqual(new Set());
});

it('leaves small logs to the index', async () => {
  const broad = new BroadBeginnings(openSource({ count: 1000 }));
  expect(await broad.of(query('k*'), 1000)).toEqual(new Set());
});
