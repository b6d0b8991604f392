import { expect, test } from 'vitest';
import { readmeBlocks } from './readme.ts';

test('finds the blocks marked for running and leaves the others alone', () => {
  const markdown = [
    '# Title',
    '```sh',
    'rm -rf /',
    '```',
    '```sh test',
    'echo one',
    'echo two',
    '```',
    'text',
    '```sh test',
    '',
    '```',
  ].join('\n');
  expect(readmeBlocks(markdown)).toEqual([
    { line: 5, commands: 'echo one\necho two' },
    { line: 10, commands: '' },
  ]);
});

test('a block that is not closed is an error that names its line', () => {
  expect(() => readmeBlocks('text\n```sh test\necho one')).toThrow(
    'the block opened in line 2 is not closed',
  );
});
