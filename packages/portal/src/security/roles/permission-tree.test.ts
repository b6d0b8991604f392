import { expect, test } from 'vitest';
import type { Permission, Resource } from '../../api/security.ts';
import { areasOf, changesBetween, sourcesOf, strangersOf } from './permission-tree.ts';

function resource(name: string, area: string, operations: Resource['operations']): Resource {
  return { resource: name, description: `About ${name}`, area, reserved: false, operations };
}

const resources = [
  resource('certServer.log.status', 'Audit', [
    { operation: 'read', names: ['Auditing:Read', '/auditing/read/'] },
  ]),
  resource('certServer.ca.users', 'Security', [{ operation: 'execute', names: [] }]),
  resource('certServer.log.retention', 'Audit', [{ operation: 'modify', names: [] }]),
];

const held: Permission[] = [
  { resource: 'certServer.log.status', operation: 'read', from: 'rule', names: [] },
  { resource: 'certServer.ca.users', operation: 'execute', from: 'role', names: [] },
  { resource: 'certServer.gone', operation: 'read', from: 'role', names: [] },
];

test('resources stand by area, found by any of their words', () => {
  expect(areasOf(resources, '').map(({ name, resources: r }) => [name, r.length])).toEqual([
    ['Audit', 2],
    ['Security', 1],
  ]);
  const names = (search: string) =>
    areasOf(resources, search).flatMap((area) => area.resources.map((entry) => entry.resource));
  expect(names('AUDITING:read')).toEqual(['certServer.log.status']);
  expect(names('audit modify')).toEqual(['certServer.log.retention']);
  expect(names('nothing')).toEqual([]);
});

test('what a role grants and what rules grant it are told apart', () => {
  const { own, byRule } = sourcesOf(held);
  expect([...own]).toEqual(['certServer.ca.users:execute', 'certServer.gone:read']);
  expect([...byRule]).toEqual(['certServer.log.status:read']);
});

test('a right of no resource of the product is still shown', () => {
  expect(strangersOf(held, resources)).toEqual([held[2]]);
});

test('changes are what is new and what is gone', () => {
  expect(changesBetween(new Set(['a:x', 'b:x']), new Set(['c:x', 'b:x']))).toEqual([
    { sign: '−', text: 'a:x' },
    { sign: '+', text: 'c:x' },
  ]);
});
