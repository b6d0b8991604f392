import type { RecoveryReport } from './recovery.ts';

/**
 * `running`: takes records. `full`: could not make room; nothing was lost, and every append tries again.
 * `failed`: a write or sync failed and what is on disk is unknown; reading works, writing needs the log to be
 * opened anew. `closed`: by its owner.
 */
export type LogState = 'running' | 'full' | 'failed' | 'closed';

export interface LogStatus {
  readonly state: LogState;
  /** Why the state is not `running`. */
  readonly reason?: string;
  /** Durable records. */
  readonly size: number;
  /** Records the published checkpoint covers; readers in other processes see these. */
  readonly publishedSize: number;
  readonly checkpoint: string;
  readonly checkpointSignedAt: string;
  /** When the log was opened. */
  readonly startedAt: string;
  readonly recovery: RecoveryReport;
  /** Segments begun. */
  readonly segments: number;
  /** Waiting to be committed. */
  readonly queuedRecords: number;
  readonly queuedBytes: number;
  readonly producers: readonly {
    readonly name: string;
    readonly lastSeq: number;
    readonly lastIndex: number;
  }[];
}
