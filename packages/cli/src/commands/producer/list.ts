import { DatabaseSync } from 'node:sqlite';
import type { Command } from 'commander';
import { existingData, exists } from '../../files.ts';
import { dataOption, DEFAULT_DATA, jsonOption } from '../../options.ts';
import { createOutput, formatTable, printable } from '../../output.ts';

interface ProducerRow {
  readonly name: string;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly disabled: boolean;
}

export function registerProducerList(producer: Command): void {
  producer
    .command('list')
    .description('who may append records')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(runProducerList);
}

async function runProducerList(options: {
  readonly data?: string;
  readonly json?: boolean;
}): Promise<void> {
  const output = createOutput(options);
  const folder = await existingData(options.data ?? DEFAULT_DATA);
  const rows = (await exists(folder.state)) ? readProducers(folder.state) : [];
  if (output.json) {
    for (const row of rows) output.printJson(row);
    return;
  }
  if (rows.length === 0) {
    output.say('no producer is admitted; `countersign producer create NAME` admits one');
    return;
  }
  const cells = rows.map((row) => [
    row.name,
    row.createdAt,
    printable(row.createdBy),
    row.disabled ? 'disabled' : 'admitted',
  ]);
  for (const line of formatTable(['NAME', 'CREATED', 'BY', 'STATE'], cells, output.width))
    output.print(line);
}

/** Reads beside a running server; nothing is written. */
function readProducers(path: string): ProducerRow[] {
  using database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
  const rows = database
    .prepare('SELECT name, created_at, created_by, disabled FROM producers ORDER BY name')
    .all();
  return rows.map((row) => ({
    name: String(row['name']),
    createdAt: String(row['created_at']),
    createdBy: String(row['created_by']),
    disabled: row['disabled'] !== 0,
  }));
}
