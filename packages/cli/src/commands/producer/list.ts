import type { Command } from 'commander';
import { existingData } from '../../files.ts';
import { databaseOption, dataOption, DEFAULT_DATA, jsonOption } from '../../options.ts';
import { createOutput, formatTable, printable } from '../../output.ts';

export function registerProducerList(producer: Command): void {
  producer
    .command('list')
    .description('who may append records')
    .addOption(dataOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(runProducerList);
}

async function runProducerList(options: {
  readonly data?: string;
  readonly database?: string;
  readonly json?: boolean;
}): Promise<void> {
  const output = createOutput(options);
  const folder = await existingData(options.data ?? DEFAULT_DATA);
  const { listProducers, stateLocation } = await import('@countersign/server');
  const at = { data: folder.dir, database: options.database };
  const database = stateLocation(process.env, at);
  const rows = await listProducers({ data: folder.dir, database });
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
