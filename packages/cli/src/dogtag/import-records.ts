/**
 * Sends the records of verified files to a sink, from where an earlier run ended. May be stopped at
 * any moment: what was sent is durable, and numbers tell what is there.
 */
import type { RecordDraft } from '@countersign/records';
import { CliError } from '../errors.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { earlierDrafts, seriesRecords } from './series-records.ts';
import type { SeriesOptions } from './series-records.ts';
import type { RecordSink } from './sink.ts';
import type { VerifiedFiles } from './verify-files.ts';

export interface ImportRecordsOptions extends Omit<SeriesOptions, 'from'> {
  readonly producer: string;
  readonly quiet?: boolean | undefined;
}

/** What was done. */
export interface ImportResult {
  imported: number;
  alreadyThere: number;
  /** Places of records in which secrets were masked. */
  redacted: { file: string; line: number; paths: readonly string[] }[];
  interrupted: boolean;
}

/** Records in one request, and about how many characters of JSON. */
const BATCH_RECORDS = 1000;
const BATCH_CHARS = 4_000_000;

/**
 * Imports what is not there yet.
 * @throws CliError `server_refused` when what is there is not the beginning of these files; what the sink throws
 */
export async function importRecords(
  verified: VerifiedFiles,
  options: ImportRecordsOptions,
  sink: RecordSink,
  output: Output,
): Promise<ImportResult> {
  const next = await sink.nextSeq();
  const result: ImportResult = {
    imported: 0,
    alreadyThere: next - 1,
    redacted: [],
    interrupted: false,
  };
  const interruption = watchInterrupt(output);
  const progress = createProgress('importing', output, { quiet: options.quiet });
  const { records, unsignedTail } = verified.report;
  const total = Math.max(0, records - unsignedTail - (next - 1));
  let batch: RecordDraft[] = [];
  let chars = 0;
  // One batch is on its way while the next is made; never two, so that numbers arrive in order.
  let onItsWay: Promise<void> = Promise.resolve();
  const send = async (drafts: readonly RecordDraft[]): Promise<void> => {
    if ((await sink.send(drafts)) === 'conflict') throw conflict(options.producer, drafts[0]!.seq);
    result.imported += drafts.length;
    progress.update(result.imported, total);
  };
  const sendBatch = async (): Promise<void> => {
    await onItsWay;
    if (batch.length === 0) return;
    onItsWay = send(batch);
    // Its failure is met at the next await of it, not before.
    onItsWay.catch(() => undefined);
    batch = [];
    chars = 0;
  };
  // What is there must be the beginning of these files: the last record of it proves that.
  let isSameSeries = next === 1;
  try {
    const series: SeriesOptions = { ...options, from: Math.max(1, next - 1) };
    for await (const { draft, file, line } of seriesRecords(verified, series)) {
      if (interruption.asked) break;
      if (draft.seq < next) {
        await checkSameSeries(draft, options.producer, sink);
        isSameSeries = true;
        continue;
      }
      const redacted = draft.content.original?.redacted;
      if (redacted !== undefined) result.redacted.push({ file, line, paths: redacted });
      batch.push(draft);
      chars +=
        draft.content.original === undefined ? 1000 : 2 * draft.content.original.text.length + 1000;
      if (batch.length >= BATCH_RECORDS || chars >= BATCH_CHARS) await sendBatch();
    }
    if (!isSameSeries && !interruption.asked) throw tooFew(options.producer, next);
    if (!interruption.asked) await sendBatch();
    await onItsWay;
  } finally {
    progress.end();
    interruption.stop();
  }
  return { ...result, interrupted: interruption.asked };
}

/**
 * The last record that is there must be the one with that number in the files: else the files do not
 * start where they started last time, and numbers would go to the wrong lines.
 */
async function checkSameSeries(
  draft: RecordDraft,
  producer: string,
  sink: RecordSink,
): Promise<void> {
  for (const form of earlierDrafts(draft)) {
    if ((await sink.send([form])) === 'taken') return;
  }
  throw conflict(producer, draft.seq);
}

function conflict(producer: string, seq: number): CliError {
  return new CliError(
    'server_refused',
    `record ${seq} of producer "${producer}" is another one than record ${seq} of these files: give the same ` +
      'files from the first on, with the same --zone, --system and --host, or another producer',
    { details: { code: 'sequence_conflict', seq } },
  );
}

function tooFew(producer: string, next: number): CliError {
  return new CliError(
    'server_refused',
    `producer "${producer}" has ${next - 1} records already, more than these files hold: give the same files ` +
      'from the first on, or another producer',
    { details: { code: 'sequence_conflict', next } },
  );
}

/** Watches for Ctrl-C: the first lets the batch on its way end, the second ends at once. */
function watchInterrupt(output: Output): { readonly asked: boolean; stop(): void } {
  let asked = false;
  const onSignal = (): void => {
    asked = true;
    output.say('stopping after the records on their way; run the command again to go on');
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  return {
    get asked() {
      return asked;
    },
    stop: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
