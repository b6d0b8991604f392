import type { NoteSigner } from '@countersign/tlog';
import { nodeDisk, type Disk } from './disk.ts';
import { LedgerError } from './errors.ts';
import { checkLayout, LAYOUT, logPaths, type Layout } from './layout.ts';
import { takeWriterLock } from './lock.ts';
import type { Log } from './log.ts';
import { MarkedSalts } from './marked-salts.ts';
import { QUEUE_LIMITS, type QueueLimits } from './queue.ts';
import { recover } from './recovery.ts';
import { Sequencer } from './sequencer.ts';
import type { LogStatus } from './status.ts';

export interface OpenLogOptions {
  /** The log's folder, `data/log`. */
  readonly dir: string;
  /** First line of its checkpoints. */
  readonly origin: string;
  /** Keys that sign checkpoints; one of them must have signed the newest one. */
  readonly signers: readonly NoteSigner[];
  readonly clock?: () => Date;
  readonly onStateChange?: (status: LogStatus) => void;
  readonly limits?: QueueLimits;
  /** For tests. */
  readonly disk?: Disk;
  /** For tests. */
  readonly layout?: Layout;
}

/**
 * Opens a log for writing: takes the writer lock, checks the log against its checkpoint, keeps what is whole and
 * publishes it. Throws LedgerError `log_missing`, `log_locked`, `checkpoint_invalid`, `log_truncated`, `log_tampered`, `log_unavailable`.
 */
export async function openLog({
  dir,
  origin,
  signers,
  clock = () => new Date(),
  onStateChange,
  limits = QUEUE_LIMITS,
  disk = nodeDisk,
  layout = LAYOUT,
}: OpenLogOptions): Promise<Log> {
  if (signers.length === 0) throw new TypeError('signers: expected one at least');
  checkLayout(layout);
  const salts = new MarkedSalts(signers);
  const paths = logPaths(dir);
  if (!disk.exists(paths.checkpoint)) {
    throw new LedgerError('log_missing', `there is no log in ${dir}: it has no checkpoint`, {
      file: paths.checkpoint,
    });
  }
  const lock = takeWriterLock(paths.lock);
  try {
    const verifiers = signers.map(({ verifier }) => verifier);
    const recovered = await recover({ disk, paths, layout, origin, verifiers, salts });
    const log = new Sequencer({
      disk,
      paths,
      layout,
      origin,
      signers,
      salts,
      clock,
      limits,
      lock,
      recovered,
      ...(onStateChange === undefined ? {} : { onStateChange }),
    });
    try {
      await log.published();
    } catch (error) {
      await log.close().catch(() => undefined);
      throw error;
    }
    return log;
  } catch (cause) {
    lock.release();
    if (cause instanceof LedgerError || !(cause instanceof Error && 'code' in cause)) throw cause;
    // The operating system refused: no room, no permission, a broken disk.
    throw new LedgerError('log_unavailable', `couldn't open the log in ${dir}: ${cause.message}`, {
      cause,
      file: dir,
    });
  }
}
