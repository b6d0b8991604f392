import { expect, test } from 'vitest';
import { ApiProblem, parseProblem } from './problem.ts';

test('keeps code, detail and request id of a problem body', () => {
  const problem = parseProblem(
    403,
    'application/problem+json',
    '{"title":"Access denied","status":403,"detail":"needs audit read","code":"access_denied","requestId":"r-1","recordIndex":7}',
  );
  expect(problem.code).toBe('access_denied');
  expect(problem.message).toBe('needs audit read');
  expect(problem.requestId).toBe('r-1');
  expect(problem.body['recordIndex']).toBe(7);
});

test('a failure without a problem body still has a code and a sentence', () => {
  const html = parseProblem(502, 'text/html', '<html>');
  expect(html.code).toBe('http_502');
  expect(html.message).toBe('the server answered 502 without saying why');
  expect(parseProblem(500, 'application/json', '{').code).toBe('http_500');
  expect(parseProblem(500, 'application/json', '[]').code).toBe('http_500');
});

test('no answer at all is told apart from a refusal', () => {
  const problem = new ApiProblem(0, {});
  expect(problem.code).toBe('unreachable');
  expect(problem.title).toBe('The server did not answer');
});
