import { availableParallelism } from 'node:os';
import { verifyLog } from '@countersign/ledger';
import { verifier } from './log.ts';
import { median } from './stats.ts';

export interface VerifyResult {
  readonly workers: number;
  readonly rate: number;
  readonly perCore: number;
}

/** Verifies the log with one worker and with one a core. */
export async function benchVerify(
  logDir: string,
  rounds: number,
  onRound: (text: string) => void,
): Promise<VerifyResult[]> {
  const results: VerifyResult[] = [];
  for (const workers of new Set([1, availableParallelism()])) {
    const rates: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      onRound(`verify: ${workers} workers, round ${round} of ${rounds}`);
      const started = performance.now();
      const verdict = await verifyLog({ dir: logDir, verifiers: [verifier], workers });
      if (!verdict.ok)
        throw new Error(
          `the benchmark's own log does not verify: ${JSON.stringify(verdict.problems.slice(0, 3))}`,
        );
      rates.push(verdict.size / ((performance.now() - started) / 1000));
    }
    results.push({ workers, rate: median(rates), perCore: median(rates) / workers });
  }
  return results;
}
