import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderAccessRulesDoc } from './access-rules-doc.ts';

const file = new URL('../../../../docs/access-rules.md', import.meta.url);

test('docs/access-rules.md is what the rules say; UPDATE_DOCS=1 writes it anew', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, renderAccessRulesDoc());
  expect(readFileSync(file, 'utf8')).toBe(renderAccessRulesDoc());
});
