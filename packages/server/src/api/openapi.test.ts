import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startTestServer } from '../testing/harness.ts';

const FILE = new URL('../../../../docs/openapi.json', import.meta.url);
const system = await startTestServer();

test('docs/openapi.json is what the server says of itself (UPDATE_DOCS=1 writes it)', async () => {
  const answer = await system.request('/openapi.json');
  const text = await answer.text();
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(FILE, text);
  expect(await readFile(FILE, 'utf8')).toBe(text);
});

test('the document has every route of the API', async () => {
  const answer = await system.request('/openapi.json');
  const document = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, unknown>>;
  };
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const declared = system.server.routes.all
    .filter(({ pattern }) => /^\/(?:api|ca)\//.test(pattern))
    .map(({ method, pattern }) => `${method} ${pattern}`);
  expect(described.sort()).toEqual(declared.sort());
});
