/** The records of verified files, in the order of the chain, as drafts numbered from 1. */
import { draftRecord, readRecords } from '@countersign/records';
import type { FileReport, LineRun, RecordDraft, StatedZone } from '@countersign/records';
import { CliError } from '../errors.ts';
import { keysOf } from './certificate.ts';
import { readLogFile } from './log-files.ts';
import type { VerifiedFiles } from './verify-files.ts';

export interface SeriesOptions {
  readonly includeUnsignedTail?: boolean | undefined;
  readonly zone?: StatedZone | undefined;
  readonly system?: string | undefined;
  readonly host?: string | undefined;
  /** Drafts with smaller numbers are not wanted. */
  readonly from: number;
}

/** A draft, and the other drafts an earlier run may have made of the same line. */
export interface SeriesRecord {
  readonly draft: RecordDraft;
  readonly file: string;
  readonly line: number;
}

/** The last file and line that are imported; lines behind it wait for their signature. */
export interface ImportEnd {
  readonly file: string;
  readonly line: number;
}

/**
 * Returns where an import ends. Without `includeUnsignedTail` that is the last signature: what is
 * behind it is signed later, and its records would then be other ones.
 */
export function importEnd(
  { report }: VerifiedFiles,
  includeUnsignedTail: boolean | undefined,
): ImportEnd | undefined {
  if (includeUnsignedTail === true || report.unsignedTail === 0) return undefined;
  const last = report.files.findLast((file) => file.link !== 'unsigned' && file.link !== 'ignored');
  if (last === undefined) return undefined;
  return { file: last.name, line: last.runs.at(-2)?.to ?? 0 };
}

/**
 * Yields the records from a number on. Each carries its line, file, line number and the verdict on
 * the span it belongs to.
 * @throws CliError `file_unreadable` when a file is no longer what was verified
 */
export async function* seriesRecords(
  verified: VerifiedFiles,
  options: SeriesOptions,
): AsyncGenerator<SeriesRecord> {
  const { report, sources, certificates } = verified;
  const keys = keysOf(certificates);
  const end = importEnd(verified, options.includeUnsignedTail);
  let seq = 0;
  let fallbackTime = '1970-01-01T00:00:00.000Z';
  for (const file of report.files.filter(({ link }) => link !== 'ignored')) {
    const source = sources.get(file.name)!;
    const { bytes, digest } = await readLogFile(source);
    if (digest !== source.digest) {
      throw new CliError(
        'file_unreadable',
        `PATH "${source.path}" changed between its verification and its import; run the command again`,
      );
    }
    const verdictAt = verdicts(file);
    const charset = file.charset === undefined ? {} : { charset: file.charset };
    for (const record of readRecords(bytes, charset)) {
      if (end?.file === file.name && record.line > end.line) return;
      // A line without its line feed is still being written.
      if (!record.complete && verdictAt(record.line)?.verdict !== 'valid') continue;
      seq += 1;
      const run = verdictAt(record.line);
      const signer = run?.key === undefined ? undefined : keys[run.key]?.name;
      const draft = draftRecord(record, {
        seq,
        file: file.name,
        signature: run?.verdict ?? 'unsigned',
        fallbackTime,
        ...(signer === undefined ? {} : { signer }),
        ...(options.zone === undefined ? {} : { zone: options.zone }),
        ...(options.system === undefined ? {} : { system: options.system }),
        ...(options.host === undefined ? {} : { host: options.host }),
      });
      fallbackTime = draft.time;
      if (seq >= options.from) yield { draft, file: file.name, line: record.line };
    }
  }
}

/**
 * Returns the drafts that earlier runs may have made of a record: its file may have had the name of
 * the current file then, and its line no signature yet.
 */
export function earlierDrafts(draft: RecordDraft): RecordDraft[] {
  const { original } = draft.content;
  if (original === undefined) return [draft];
  const { signer: _, ...unsigned } = { ...original, signature: 'unsigned' as const };
  const files = [...new Set([original.file, original.file.replace(/\.\d{14}$/, '')])];
  return [original, unsigned].flatMap((form) =>
    files.map((file) => ({ ...draft, content: { ...draft.content, original: { ...form, file } } })),
  );
}

/** Looks verdicts up for ever greater lines. */
function verdicts({ runs }: FileReport): (line: number) => LineRun | undefined {
  let at = 0;
  return (line) => {
    while (at < runs.length && runs[at]!.to < line) at += 1;
    return runs[at];
  };
}
