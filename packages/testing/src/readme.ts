/** A block of commands in a document that a test runs. */
export interface ReadmeBlock {
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly commands: string;
}

const FENCE = /^```sh test\s*$/;

/**
 * The blocks a document wants run: fenced as `sh test`. Everything else is for reading only.
 *
 * @throws Error when a block is not closed
 */
export function readmeBlocks(markdown: string): ReadmeBlock[] {
  const lines = markdown.split('\n');
  const blocks: ReadmeBlock[] = [];
  let start = -1;
  for (const [i, line] of lines.entries()) {
    if (start < 0 && FENCE.test(line)) {
      start = i;
    } else if (start >= 0 && line.trimEnd() === '```') {
      blocks.push({ line: start + 1, commands: lines.slice(start + 1, i).join('\n') });
      start = -1;
    }
  }
  if (start >= 0) throw new Error(`the block opened in line ${start + 1} is not closed`);
  return blocks;
}
