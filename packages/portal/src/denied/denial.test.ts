import { expect, test } from 'vitest';
import { ApiProblem } from '../api/problem.ts';
import { denialOf, parseDenial } from './denial.ts';

test('reads the denial that came with a page', () => {
  expect(
    parseDenial(
      '{"route":"/portal/audit","resource":"audit.log","operation":"read","recordIndex":41,"roles":["Administrator"]}',
    ),
  ).toEqual({
    route: '/portal/audit',
    resource: 'audit.log',
    operation: 'read',
    recordIndex: 41,
    roles: ['Administrator'],
    requestId: null,
  });
});

test('a page without a denial, or with one that cannot be read, is no denial', () => {
  expect(parseDenial(null)).toBeNull();
  expect(parseDenial(' ')).toBeNull();
  expect(parseDenial('{')).toBeNull();
  expect(parseDenial('[]')).toBeNull();
});

test('only a 403 is a denial', () => {
  const body = { code: 'access_denied', resource: 'audit.log', operation: 'read', recordIndex: 0 };
  expect(denialOf(new ApiProblem(403, body))?.recordIndex).toBe(0);
  expect(denialOf(new ApiProblem(500, body))).toBeNull();
  expect(denialOf(new Error('x'))).toBeNull();
});

test('a record number that is none is not shown', () => {
  expect(parseDenial('{"recordIndex":-1}')?.recordIndex).toBeNull();
  expect(parseDenial('{"recordIndex":"4"}')?.recordIndex).toBeNull();
});
