/** From findings to a verdict on four axes, in words for people. */
import type { SignedCheckpoint } from './checkpoints.ts';
import type { Axis, AxisVerdict, Problems, Verdict } from './verdict.ts';
import type { Findings } from './whole-log.ts';

export interface Evidence {
  readonly checkpoint: SignedCheckpoint;
  readonly since: SignedCheckpoint | null;
  readonly findings: Findings;
  readonly problems: Problems;
  /** The log's size when it was found to have grown during the verification. */
  readonly grownTo: number | null;
  /** What was found of the search index; null when it was not asked for. */
  readonly index: string | null;
}

export function judge(evidence: Evidence): Pick<Verdict, 'ok' | 'size' | 'origin' | 'axes'> {
  const { checkpoint, problems } = evidence;
  const axes = {
    integrity: integrity(evidence),
    completeness: completeness(evidence),
    time: time(evidence),
    independence: independence(evidence),
  };
  const wrong = problems.count('tampered', 'truncated', 'gap', 'index', 'unverifiable', 'unerased');
  return { ok: wrong === 0, size: checkpoint.size, origin: checkpoint.origin, axes };
}

function integrity({ checkpoint, findings, problems, grownTo, index }: Evidence): Axis {
  const { size, signedBy, unknown } = checkpoint;
  const tampered = problems.count('tampered');
  const unverifiable = problems.count('unverifiable');
  const erased = problems.count('erased');
  const unerased = problems.count('unerased');
  const evidence = [
    signedBy.length > 0
      ? `the checkpoint over ${size} records is signed by ${signedBy.join(', ')}`
      : 'no signature of the checkpoint could be confirmed',
    findings.rootMatches
      ? `the root computed from all ${size} entries is the one the checkpoint signs`
      : 'the root of the entries could not be brought to the one the checkpoint signs',
    `${findings.records - findings.erased.length} contents were compared with their digests`,
    ...(erased > 0
      ? [`${erased} contents were erased, each named by a record; their leaves are valid`]
      : []),
    ...problems.list.filter(({ kind }) => kind === 'unerased').map(({ message }) => message),
    ...problems.list.filter(({ kind }) => kind === 'unsigned').map(({ message }) => message),
    ...(unknown.length > 0
      ? [`signatures by keys not given were left aside: ${unknown.join(', ')}`]
      : []),
    ...(grownTo === null
      ? []
      : [
          `the log grew to ${grownTo} records meanwhile; what is behind record ${size} was not looked at`,
        ]),
    ...(index === null ? [] : [index]),
  ];
  if (tampered > 0 || !findings.rootMatches) {
    const summary =
      tampered > 0
        ? `Tampered with: ${tampered} ${tampered === 1 ? 'place is' : 'places are'} not as signed.`
        : 'Not as signed: records that the checkpoint covers are missing.';
    return { verdict: 'failed', summary, evidence };
  }
  if (signedBy.length === 0) {
    const summary = 'Unverifiable: no signature by a given key. What is there agrees with itself.';
    return { verdict: 'unverifiable', summary, evidence };
  }
  if (unverifiable > 0) {
    const summary = `Every signed record is as it was signed; ${unverifiable} ${unverifiable === 1 ? 'thing' : 'things'} beside them could not be verified.`;
    return { verdict: 'partial', summary, evidence };
  }
  if (unerased > 0) {
    const summary = `Every record is as it was signed; ${unerased} ${unerased === 1 ? 'content is' : 'contents are'} still there that a record says ${unerased === 1 ? 'is' : 'are'} erased.`;
    return { verdict: 'partial', summary, evidence };
  }
  const summary =
    erased > 0
      ? `Every record is as it was signed; ${erased} contents were erased, with record.`
      : 'Every record is as it was signed.';
  return { verdict: 'verified', summary, evidence };
}

function completeness({ checkpoint, since, findings, problems }: Evidence): Axis {
  const gaps = problems.count('gap');
  const truncated = problems.count('truncated');
  const evidence = [
    ...findings.producers.slice(0, 20).map((range) => `numbers without a gap by ${range}`),
    ...(findings.producers.length > 20
      ? [`and by ${findings.producers.length - 20} more producers`]
      : []),
    ...(findings.signings > 0
      ? [`${findings.signings} earlier checkpoints kept in the log are beginnings of it`]
      : []),
    ...(findings.foreignSignings > 0
      ? [
          `${findings.foreignSignings} checkpoints kept in the log could not be read as checkpoints of this log`,
        ]
      : []),
    ...(since !== null && findings.sinceMatches === true
      ? [`the log extends the given checkpoint of ${since.size} records`]
      : []),
  ];
  if (truncated > 0) {
    return {
      verdict: 'failed',
      summary: 'Truncated: records that were signed are missing.',
      evidence,
    };
  }
  if (gaps > 0) {
    const summary = `${gaps} ${gaps === 1 ? 'gap' : 'gaps'} in producers' numbering: records are missing or out of order.`;
    return { verdict: 'failed', summary, evidence };
  }
  if (findings.sinceMatches === false) {
    return {
      verdict: 'failed',
      summary: 'The log does not extend the given checkpoint.',
      evidence,
    };
  }
  if (!findings.rootMatches) {
    return {
      verdict: 'failed',
      summary: 'Whether all records are there can not be told.',
      evidence,
    };
  }
  if (findings.sinceMatches === true) {
    const summary = `All ${checkpoint.size} records are there, and all since the given checkpoint.`;
    return { verdict: 'verified', summary, evidence };
  }
  const summary =
    `No record is missing among the ${checkpoint.size} signed ones. ` +
    'Whether later ones were cut off, only an older checkpoint kept elsewhere can tell.';
  return { verdict: 'partial', summary, evidence };
}

function time({ checkpoint, findings }: Evidence): Axis {
  const { earliest, latest, early } = findings;
  const evidence = [
    ...(earliest === null ? [] : [`records are dated from ${earliest} to ${latest ?? earliest}`]),
    ...(early > 0
      ? [`${early} records are dated more than five minutes after the server took them in`]
      : []),
  ];
  const verdict: AxisVerdict = checkpoint.witnesses.length > 0 ? 'partial' : 'unverifiable';
  const summary =
    verdict === 'partial'
      ? "Witnesses dated the checkpoint; the records' own times are their producers' claims."
      : "Times are the producers' claims; no timestamp authority or witness confirms them.";
  return { verdict, summary, evidence };
}

function independence({ checkpoint, since, findings }: Evidence): Axis {
  const { witnesses } = checkpoint;
  if (witnesses.length > 0) {
    const evidence = witnesses.map((witness) => `cosigned by ${witness}`);
    const summary = `${witnesses.length} ${witnesses.length === 1 ? 'witness has' : 'witnesses have'} cosigned the checkpoint.`;
    return { verdict: 'verified', summary, evidence };
  }
  if (since !== null && findings.sinceMatches === true) {
    const summary = 'No witness cosigned; the log agrees with a checkpoint kept outside of it.';
    return {
      verdict: 'partial',
      summary,
      evidence: [`the given checkpoint of ${since.size} records`],
    };
  }
  const summary = "Nobody but the log's own key vouches for it: no witness has cosigned.";
  return { verdict: 'unverifiable', summary, evidence: [] };
}
