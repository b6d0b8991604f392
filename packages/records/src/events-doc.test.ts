import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderEventsDoc } from './events-doc.ts';

const file = new URL('../../../docs/events.md', import.meta.url);

it('docs/events.md is what the catalogue says; UPDATE_DOCS=1 writes it anew', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, renderEventsDoc());
  expect(readFileSync(file, 'utf8')).toBe(renderEventsDoc());
});
