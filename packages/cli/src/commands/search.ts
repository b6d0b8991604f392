import { Option, type Command } from 'commander';
import { dataOption, jsonOption, serverOption, userOption, wholeNumber } from '../options.ts';
import { acceptGlobals } from '../pki/global-options.ts';
import { createOutput, formatTable, printable, type Output, type Style } from '../output.ts';
import { withQueryPointer } from '../query-error.ts';
import {
  openSource,
  SOURCE_GLOBALS,
  type RecordSource,
  type RecordView,
  type SourceOptions,
} from '../source/source.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000_000;
/** What the API gives at once. */
const PAGE = 500;

const HELP = `
Fields, operators and values as in the portal's query bar; bare words search the text of the records.

  countersign search 'Level -eq "Warning" AND Category -eq "AuthorizationFailure"'
  countersign search 'certServer.log.content.signedAudit Outcome -eq "Failure"' --limit 10
  countersign search 'Actor -eq "caadmin"' --json | jq .sentence

At --server the search is itself recorded, with the query. Reading a data folder is not: whoever holds the files
can read them without us.`;

interface SearchOptions extends SourceOptions {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  readonly json?: boolean;
}

export function registerSearch(program: Command): void {
  const command = program
    .command('search')
    .description('find records')
    .argument('[query]', 'query; all records when left out', '')
    .option('--limit <n>', 'how many records at most', wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .addOption(
      new Option('--order <order>', 'desc: newest first').choices(['desc', 'asc']).default('desc'),
    )
    .addOption(dataOption())
    .addOption(serverOption())
    .addOption(userOption())
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action((query: string, _, self: Command) =>
      runSearch(query, self.optsWithGlobals<SearchOptions>()),
    );
  acceptGlobals(command, SOURCE_GLOBALS);
}

async function runSearch(query: string, options: SearchOptions): Promise<void> {
  const output = createOutput(options);
  const source = await openSource(options, (line) => output.say(line));
  try {
    const { records, more } = await withQueryPointer(query, () => collect(source, query, options));
    if (output.json) {
      for (const record of records) output.printJson(record);
    } else {
      for (const line of formatRecords(output, records)) output.print(line);
    }
    if (records.length === 0) output.say('no record matches');
    if (more)
      output.say(
        `the first ${records.length} are shown and more match; --limit shows more of them`,
      );
  } finally {
    await source.close();
  }
}

/** Pages until there are enough. */
async function collect(
  source: RecordSource,
  query: string,
  { limit, order }: SearchOptions,
): Promise<{ records: RecordView[]; more: boolean }> {
  const records: RecordView[] = [];
  let cursor: string | undefined;
  do {
    const page = await source.search({
      query,
      order,
      limit: Math.min(PAGE, limit - records.length),
      ...(cursor !== undefined && { cursor }),
    });
    records.push(...page.records);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && records.length < limit);
  return { records, more: cursor !== undefined };
}

const LEVEL_STYLES: Record<string, Style> = {
  Information: 'dim',
  Warning: 'yellow',
  Failure: 'red',
};

function formatRecords(output: Output, records: readonly RecordView[]): string[] {
  if (records.length === 0) return [];
  const rows = records.map(({ index, envelope, content, sentence }) => [
    String(index),
    envelope.time,
    envelope.level,
    printable(envelope.event),
    printable(content?.actor.id ?? '-'),
    printable(sentence),
  ]);
  const [header = '', ...lines] = formatTable(
    ['INDEX', 'TIME', 'LEVEL', 'EVENT', 'ACTOR', 'MESSAGE'],
    rows,
    output.width,
  );
  return [
    output.style('bold', header),
    ...lines.map((line, row) => {
      const level = records[row]?.envelope.level ?? '';
      return line.replace(level, output.style(LEVEL_STYLES[level] ?? 'dim', level));
    }),
  ];
}
