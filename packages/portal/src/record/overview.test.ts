import type { Content, Envelope } from '@countersign/records';
import { expect, test } from 'vitest';
import { overviewOf } from './overview.ts';

const envelope: Envelope = {
  v: 1,
  id: '01936d5e-0000-7000-8000-000000000000',
  producer: 'countersign',
  seq: 3,
  time: '2026-11-22T05:00:00.000Z',
  event: 'AUTHZ',
  category: 'AuthorizationFailure',
  operation: 'Encountered',
  level: 'Warning',
  outcome: 'Failure',
  retention: 'normal',
  digest: 'AAAA',
};

const content: Content = {
  actor: { id: 'admin', kind: 'user', roles: ['Administrator'] },
  source: { system: 'countersign' },
  request: { route: '/portal/audit', type: 'Portal Page', verb: 'GET' },
  authorization: { resource: 'certServer.log', operation: 'read', roles: [] },
  attributes: [
    ['Info', null],
    ['Info', 'x'],
  ],
};

function rows(title: string, held: Content | null = content): [string, string][] {
  const section = overviewOf(41, envelope, held).find((one) => one.title === title);
  return (section?.rows ?? []).map(({ label, value }) => [label, value]);
}

test('a denied request shows its five fields', () => {
  expect(rows('Request')).toEqual([
    ['Request route', '/portal/audit'],
    ['Request type', 'Portal Page'],
    ['HTTP verb', 'GET'],
    ["User's roles", 'none'],
  ]);
  expect(rows('Who')[0]).toEqual(['Id', 'admin']);
});

test('attributes keep their order, repeats and nulls', () => {
  expect(rows('Attributes')).toEqual([
    ['Info', '(null)'],
    ['Info', 'x'],
  ]);
});

test('sections with nothing in them are not shown', () => {
  const titles = overviewOf(41, envelope, content).map(({ title }) => title);
  expect(titles).toEqual([
    'What',
    'Who',
    'Request',
    'Authorization',
    'Attributes',
    'Where from',
    'In the log',
  ]);
});

test('an erased record still shows what its envelope says', () => {
  expect(overviewOf(41, envelope, null).map(({ title }) => title)).toEqual(['What', 'In the log']);
  expect(rows('In the log', null)[0]).toEqual(['Index', '41']);
});
