/** The thread that indexes: reads the log up to where it is told and writes the index. */
import { parentPort, workerData } from 'node:worker_threads';
import { LedgerError } from '../errors.ts';
import { faultOf } from './fault.ts';
import { openIndexFile } from './index-file.ts';
import type { FromIndexer, ThreadData, ToIndexer } from './messages.ts';
import { openSource, spelling } from './source.ts';
import type { RecordSource } from './source.ts';
import type { IndexWriter } from './writer.ts';

/** Records of one transaction at most: its counts are written once. */
const TRANSACTION = 10_000;

const port = parentPort!;
const { path, source: module, anew } = workerData as ThreadData;
const told = { size: 0, forget: new Set<number>(), closing: false };
let wake: () => void = () => undefined;

const tell = (message: FromIndexer): void => port.postMessage(message);

port.on('message', (message: ToIndexer) => {
  if (message.kind === 'close') told.closing = true;
  else if (message.kind === 'forget') told.forget.add(message.index);
  else told.size = Math.max(told.size, message.size);
  wake();
});

/** Lets messages in: reading a log in memory never leaves the microtasks. */
const messages = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

async function catchUp(source: RecordSource, writer: IndexWriter): Promise<void> {
  const commit = async (): Promise<void> => {
    writer.commit();
    tell({ kind: 'indexed', size: writer.size });
    await messages();
  };
  for await (const records of source.spellRange(writer.size, told.size)) {
    writer.write(records);
    if (writer.pending >= TRANSACTION) await commit();
    if (told.closing || told.forget.size > 0) break;
  }
  if (writer.pending > 0) await commit();
}

/** Forgets contents. One that is not indexed so far will be as the log has it then. */
async function forget(source: RecordSource, writer: IndexWriter): Promise<void> {
  for (const index of told.forget) {
    if (writer.hasForgotten(index) === false) {
      const record = await source.read(index);
      if (record.contentBytes === null) {
        throw new LedgerError(
          'index_damaged',
          `the index holds words of the content of record ${index}, which was erased`,
          { index },
        );
      }
      writer.forget(spelling(record));
    }
    told.forget.delete(index);
    tell({ kind: 'forgotten', index });
  }
}

async function run(): Promise<void> {
  const source = await openSource(module);
  const { writer, notice } = await openIndexFile(path, source, anew);
  tell({ kind: 'ready', size: writer.size, ...(notice === undefined ? {} : { notice }) });
  while (!told.closing) {
    if (told.forget.size > 0) await forget(source, writer);
    else if (writer.size < told.size) await catchUp(source, writer);
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  writer.close();
  await source.close();
  port.close();
}

run().catch((error: unknown) => {
  tell({ kind: 'failed', fault: faultOf(error) });
  port.close();
});
