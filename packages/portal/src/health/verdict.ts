import type { HealthDetails } from '../api/types.ts';
import { plural } from '../lib/format.ts';
import { formatDuration } from '../lib/time.ts';
import type { ConsistencyResult } from './consistency.ts';

export interface HealthVerdict {
  readonly tone: 'good' | 'warn' | 'fail';
  readonly title: string;
  readonly reasons: readonly string[];
}

/** The server's own status, made worse by what this browser found; never made better. */
export function judgeHealth(
  health: HealthDetails,
  consistency: ConsistencyResult | null,
  keyChanged: boolean,
): HealthVerdict {
  const failures: string[] = [];
  if (keyChanged)
    failures.push('The log is signed by another key than the one this browser pinned.');
  if (consistency?.kind === 'failed') failures.push(consistency.detail);
  if (failures.length > 0) {
    return { tone: 'fail', title: 'Do not trust this log', reasons: failures };
  }
  const reasons = health.reasons.map(asSentence);
  switch (health.status) {
    case 'failing':
      return { tone: 'fail', title: 'The log takes no records', reasons };
    case 'degraded':
      return { tone: 'warn', title: 'The log works, but needs attention', reasons };
    case 'ok':
      return { tone: 'good', title: 'The log is well', reasons: [wellBecause(health)] };
  }
}

function asSentence(reason: string): string {
  const text = reason.trim();
  const capital = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function wellBecause({ treeSize, index, verification }: HealthDetails): string {
  const indexed =
    index.lag === 0
      ? 'all of them searchable'
      : `${plural(index.lag, 'record')} not searchable yet`;
  const verified =
    verification.state === 'done' && verification.ok === true
      ? ` The last verification found nothing wrong.`
      : '';
  return `It takes records and holds ${plural(treeSize, 'record')}, ${indexed}.${verified}`;
}

/** How far a verification has come, in words: "48,000 of 120,000 records, about 12 s left". */
export function progressText(done: number, total: number, elapsedMs: number): string {
  const share = `${done.toLocaleString('en-US')} of ${plural(total, 'record')}`;
  if (done === 0 || elapsedMs < 500) return share;
  const left = ((total - done) / done) * elapsedMs;
  return left < 1000 ? share : `${share}, about ${formatDuration(left)} left`;
}
