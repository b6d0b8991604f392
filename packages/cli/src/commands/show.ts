import type { Command } from 'commander';
import type { Content } from '@countersign/records';
import { dataOption, jsonOption, serverOption, userOption, wholeNumber } from '../options.ts';
import { acceptGlobals } from '../pki/global-options.ts';
import { createOutput, printable, type Output } from '../output.ts';
import {
  openSource,
  SOURCE_GLOBALS,
  type FullRecord,
  type SourceOptions,
} from '../source/source.ts';

interface ShowOptions extends SourceOptions {
  readonly json?: boolean;
}

export function registerShow(program: Command): void {
  const command = program
    .command('show')
    .description('show one record whole')
    .argument(
      '<index>',
      "the record's number in the log, from 0",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .addOption(dataOption())
    .addOption(serverOption())
    .addOption(userOption())
    .addOption(jsonOption())
    .action((index: number, _, self: Command) =>
      runShow(index, self.optsWithGlobals<ShowOptions>()),
    );
  acceptGlobals(command, SOURCE_GLOBALS);
}

async function runShow(index: number, options: ShowOptions): Promise<void> {
  const output = createOutput(options);
  const source = await openSource(options, (line) => output.say(line));
  try {
    const record = await source.read(index);
    if (output.json) output.printJson(record);
    else for (const line of describeRecord(output, record)) output.print(line);
  } finally {
    await source.close();
  }
}

function describeRecord(output: Output, record: FullRecord): string[] {
  const { envelope, content } = record;
  const outside: Row[] = [
    ['index', String(record.index)],
    ...Object.entries(envelope).map(([name, value]): Row => [name, String(value)]),
    ['leaf hash', record.leafHash],
  ];
  const inside = content === null ? [] : flatten(content);
  const width = Math.max(...[...outside, ...inside].map(([name]) => name.length)) + 2;
  const field = ([name, value]: Row): string =>
    `  ${output.style('dim', printable(name).padEnd(width))}${printable(value)}`;
  return [
    output.style('bold', printable(record.sentence)),
    ...outside.map(field),
    '',
    content === null ? 'The content was erased; the envelope stands as it was.' : 'content',
    ...inside.map(field),
  ];
}

type Row = readonly [name: string, value: string];

/** Every value of the content with its path: `actor.roles.0`, `Auditors`. Attributes go by their own names. */
function flatten(content: Content): Row[] {
  const { attributes = [], ...rest } = content;
  const rows: Row[] = [];
  const walk = (path: string, value: unknown): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value))
        walk(path === '' ? name : `${path}.${name}`, member);
    } else {
      rows.push([path, String(value)]);
    }
  };
  walk('', rest);
  return [...rows, ...attributes.map(([name, value]): Row => [`[${name}]`, value ?? 'null'])];
}
