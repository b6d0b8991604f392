export { createLog, type CreateLogOptions } from './create-log.ts';
export { ERASED_EVENT, erasedIndex, whyKept } from './erase.ts';
export { LedgerError, type LedgerErrorCode, type LedgerErrorDetails } from './errors.ts';
export { takeWriterLock, type WriterLock } from './lock.ts';
export { MAX_BATCH_RECORDS, type Appended, type Log } from './log.ts';
export { openLog, type OpenLogOptions } from './open-log.ts';
export {
  openLogReader,
  type LogReader,
  type LogReaderOptions,
  type StoredRecord,
} from './reader.ts';
export type { RecoveryReport } from './recovery.ts';
export type { LogState, LogStatus } from './status.ts';
export { verifyLog, type VerifyLogOptions } from './verify/verify-log.ts';
export type { Axis, AxisVerdict, Problem, ProblemKind, Verdict } from './verify/verdict.ts';
export * from './search/index.ts';
