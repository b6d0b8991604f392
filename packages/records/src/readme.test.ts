import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { parseContent, parseRecordDraft, sealRecord, sentence } from './index.ts';

it('the example of the README does what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const said = /^\/\/ (.*)$/m.exec(source)?.[1];
  const log = vi.fn<(line: string) => void>();
  const body = source.replace(/^import .*$/m, '');
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- the README is ours
  const run = new Function(
    'parseContent',
    'parseRecordDraft',
    'sealRecord',
    'sentence',
    'console',
    body,
  );
  run(parseContent, parseRecordDraft, sealRecord, sentence, { log });
  expect(log.mock.calls).toEqual([[said]]);
});
