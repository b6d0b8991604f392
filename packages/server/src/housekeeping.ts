import type { Authorities } from './authorities/authorities.ts';
import type { Alerts } from './alerts/alerts.ts';
import type { Refusals } from './authorization/refusals.ts';
import { endExpiredLocks } from './accounts/lockout.ts';
import type { Erasures } from './erasure/erasures.ts';
import type { StoreJobs } from './stores/job-loop.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { OutgoingSessions } from './tls/outgoing-sessions.ts';
import type { TlsSessions } from './tls/tls-sessions.ts';
import type { Logger } from './logger.ts';
import { lockExpired } from './recording/account-events.ts';
import type { Reconciliations } from './reconciliation/reconciliations.ts';
import type { Recorder } from './recording/recorder.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A user name's failures are forgotten after a day; names nobody has must not pile up. */
const LOCKOUT_MEMORY_MS = 24 * 60 * MINUTE;

/** Locks whose time is up end, each with its record. */
async function endLocks(recorder: Recorder, now: Date): Promise<void> {
  await recorder.audited(async (tx) => {
    for (const username of await endExpiredLocks(tx.db, now)) tx.record(lockExpired(username));
  });
}

/** What is done by the clock: rows of other processes every second; sessions, floods and old failures every minute. */
export function startHousekeeping(parts: {
  isOn: boolean;
  recorder: Recorder;
  sessions: Sessions;
  refusals: Refusals;
  authorities: Authorities;
  storeJobs: StoreJobs;
  erasures: Erasures;
  reconciliations: Reconciliations;
  alerts: Alerts;
  clock: () => Date;
  tlsSessions: TlsSessions;
  outgoing: OutgoingSessions;
  /** Deletes private keys whose retention is over. */
  deleteExpiredKeys: () => Promise<void>;
  /** Takes up changed certificates and revocation lists. */
  renewTls: () => Promise<void>;
  logger: Logger;
}): { stop: () => Promise<void> } {
  const { recorder, sessions, refusals, tlsSessions, renewTls, clock, logger } = parts;
  const running = new Set<Promise<void>>();
  const every = (milliseconds: number, what: string, work: () => Promise<void>): NodeJS.Timeout => {
    const timer = setInterval(() => {
      const task = work()
        .catch((error: unknown) => logger.warn(`${what} failed`, { error: String(error) }))
        .finally(() => running.delete(task));
      running.add(task);
    }, milliseconds);
    return timer.unref();
  };
  if (!parts.isOn) return { stop: async () => undefined };
  const timers = [
    every(SECOND, 'taking up rows of the outbox', async () => await recorder.adopt()),
    every(10 * SECOND, 'making revocation lists', async () => await parts.authorities.turn()),
    every(5 * SECOND, 'beginning jobs at stores', async () => await parts.storeJobs.turn()),
    every(MINUTE, 'recording OCSP', async () => await parts.authorities.recordAnswers()),
    every(MINUTE, 'recording sums of refusals', async () => await refusals.turn()),
    every(MINUTE, 'recording TLS sessions', async () => await tlsSessions.turn()),
    every(MINUTE, 'recording outgoing TLS sessions', async () => await parts.outgoing.turn()),
    every(MINUTE, 'renewing certificates', renewTls),
    every(MINUTE, 'carrying out erasures', async () => await parts.erasures.carryOut()),
    every(10 * SECOND, 'sending alerts', async () => await parts.alerts.turn()),
    every(10 * MINUTE, 'comparing the state with the log', async () =>
      parts.reconciliations.turn(),
    ),
    every(HOUR, 'deleting private keys', parts.deleteExpiredKeys),
    every(MINUTE, 'ending locks', async () => await endLocks(recorder, clock())),
    every(MINUTE, 'sweeping sessions', async () => {
      await sessions.sweep(recorder);
      const before = new Date(clock().getTime() - LOCKOUT_MEMORY_MS).toISOString();
      await recorder.audited(async (tx) => {
        await tx.db.deleteFrom('lockouts').where('first_failure_at', '<', before).execute();
      });
    }),
  ];
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
    },
  };
}
