import type { LogReader } from '@countersign/ledger';
import type { StateReader } from '../database/schema.ts';
import { compareCertificates } from './compare-certificates.ts';
import { compareLists } from './compare-lists.ts';
import { compareRevocations } from './compare-revocations.ts';
import { LogFacts } from './log-facts.ts';
import type { ReconciliationProblem } from './problem.ts';

/** What was compared, and what does not agree. */
export interface Reconciliation {
  readonly checked: {
    readonly certificates: number;
    readonly crls: number;
    readonly revocations: number;
    /** Records that say something of them. */
    readonly records: number;
  };
  /** Every problem, or as many as are kept. */
  readonly problems: readonly ReconciliationProblem[];
  readonly problemCount: number;
}

/** Problems kept and shown. */
export const MAX_PROBLEMS = 1_000;

/**
 * Compares the certificates, revocation lists and revocations of a state with the log itself: each has exactly one
 * record of how it came, and is as its last record says; each record has its object, or one of its deletion.
 *
 * Works beside a server that runs: what changes between reading the log and reading the state looks like a difference
 * once, and is not one when looked at again; only what is found both times is told. Memory does not grow with the log.
 *
 * @throws LedgerError when the log cannot be read
 */
export async function reconcile(parts: {
  readonly reader: LogReader;
  readonly db: StateReader;
  /** How far the log goes, when everything that was committed before is in it; by default as far as the reader sees. */
  readonly size?: () => Promise<number>;
  readonly signal?: AbortSignal;
}): Promise<Reconciliation> {
  const { reader, db, size = async () => await reader.size(), signal } = parts;
  using facts = new LogFacts();
  let done = 0;
  const look = async (): Promise<Round> => {
    const end = await size();
    await facts.read(reader, done, end, signal);
    done = end;
    return await compare(db, facts, signal);
  };
  const first = await look();
  if (first.problems.size === 0) return resultOf(first, []);
  const second = await look();
  const lasting = [...second.problems].filter(([key]) => first.problems.has(key));
  return resultOf(
    second,
    lasting.map(([, problem]) => problem),
  );
}

interface Round {
  readonly checked: Reconciliation['checked'];
  readonly problems: ReadonlyMap<string, ReconciliationProblem>;
}

async function compare(
  db: StateReader,
  facts: LogFacts,
  signal: AbortSignal | undefined,
): Promise<Round> {
  const problems = new Map<string, ReconciliationProblem>();
  const report = (problem: ReconciliationProblem): void => {
    problems.set(`${problem.kind} ${problem.object}`, problem);
  };
  const { records, contradictions } = facts;
  const known = contradictions.length;
  facts.store.mark();
  try {
    // What is committed and on its way counts; it is read from the log the next time.
    await facts.readOutbox(db);
    for (const problem of contradictions) report(problem);
    const certificates = await compareCertificates(db, facts, report, signal);
    const crls = await compareLists(db, facts, report);
    const revocations = await compareRevocations(db, facts, report);
    return { checked: { certificates, crls, revocations, records: facts.records }, problems };
  } finally {
    facts.store.rewind();
    facts.records = records;
    contradictions.length = known;
  }
}

function resultOf({ checked }: Round, problems: readonly ReconciliationProblem[]): Reconciliation {
  return { checked, problems: problems.slice(0, MAX_PROBLEMS), problemCount: problems.length };
}
