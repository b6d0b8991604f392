import { expect, test } from 'vitest';
import { createProgress, formatBytes } from './progress.ts';

const PLAIN = { styleTalk: (_: string, text: string): string => text };

function sink(isTTY: boolean): {
  stream: { isTTY: boolean; columns: number; write: (text: string) => boolean };
  written: string[];
} {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { stream: { isTTY, columns: 80, write }, written };
}

test('a terminal gets a bar that is removed at the end', () => {
  const { stream, written } = sink(true);
  let time = 0;
  const progress = createProgress('verifying', PLAIN, { stream, now: () => time });
  progress.update(1, 100);
  expect(written).toEqual([]);
  time = 1000;
  progress.update(50, 100);
  progress.end();
  expect(written).toEqual([
    `\rverifying ${'━'.repeat(14)}${' '.repeat(14)}  50%  50 of 100  50/s  1 s left\u001b[K`,
    '\r\u001b[K',
  ]);
});

test('elsewhere a line is written now and then', () => {
  const { stream, written } = sink(false);
  let time = 0;
  const progress = createProgress('importing', PLAIN, { stream, now: () => time });
  for (time = 0; time <= 12_000; time += 1000) progress.update(time / 100, 0);
  progress.end();
  expect(written).toEqual(['importing: 50  10/s\n', 'importing: 100  10/s\n']);
});

test('quiet says nothing', () => {
  const { stream, written } = sink(true);
  let time = 0;
  const progress = createProgress('x', PLAIN, { stream, now: () => time, quiet: true });
  time = 60_000;
  progress.update(1, 2);
  progress.end();
  expect(written).toEqual([]);
});

test('bytes are written in the unit that suits them', () => {
  expect([0, 999, 1000, 1_500_000, 2_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.5 MB',
    '2.0 GB',
  ]);
});
