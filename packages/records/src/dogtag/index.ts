export { SimulatedLog } from './testing/simulated-log.ts';
export type { SimulatedLogOptions } from './testing/simulated-log.ts';
export { UNREADABLE_EVENT, draftRecord } from './draft.ts';
export type { DraftOptions } from './draft.ts';
export { splitParameters } from './parts.ts';
export { ambiguityOf, scanFile } from './scan.ts';
export type { FileScan, LogFile, ScanOptions } from './file-scan.ts';
export { verifyFiles, verifyScans } from './series.ts';
export { MAX_RECORD_CHARS, readRecords } from './records.ts';
export type { RawRecord, ReadRecordsOptions } from './records.ts';
export { findAmbiguity, formatLine, readLine } from './line.ts';
export type { DogtagLine, ReadLine } from './line.ts';
export { escapeValue, unescapeValue } from './escape.ts';
export { formatTimestamp, parseTimestamp } from './timestamp.ts';
export type { LineTime } from './timestamp.ts';
export { parseStatedZone } from './zones.ts';
export type { StatedZone } from './zones.ts';
export {
  dogtagEventNames,
  EVENT_NAMES,
  eventLayouts,
  modernEventName,
  SIGNING_EVENT,
  writtenEventName,
} from './layout.ts';
export type { EventLayout, EventNames, EventVariant } from './layout.ts';
export { recordLine } from './record-line.ts';
export type { LineEnvelope } from './record-line.ts';
export { signatureLine } from './signature-line.ts';
export type {
  AmbiguousLine,
  FileLink,
  FileReport,
  Problem as LogProblem,
  ProblemKind as LogProblemKind,
  Run as LineRun,
  SeriesReport,
  SeriesVerdict,
  Severity as LogProblemSeverity,
  SignatureKey,
} from './report.ts';
