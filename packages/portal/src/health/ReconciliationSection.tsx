import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence } from '../api/faults.ts';
import type { Reconciliation } from '../api/types.ts';
import { Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatCount, plural } from '../lib/format.ts';
import { aroundRecord, differenceText } from './differences.ts';
import css from './health.module.css';

const KEY = ['reconciliation'];
const RUNNING_MS = 1000;

/** Whether certificates, lists and revocations are what the log says, each of them exactly once. */
export function ReconciliationSection() {
  const client = useQueryClient();
  const { data, error } = useQuery({
    queryKey: KEY,
    gcTime: 0,
    queryFn: ({ signal }) => requestJson<Reconciliation>(apiUrl('reconciliation'), { signal }),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? RUNNING_MS : false),
  });
  const start = useMutation({
    mutationFn: () => requestJson<Reconciliation>(apiUrl('reconciliation'), { method: 'POST' }),
    onSuccess: (begun) => client.setQueryData(KEY, begun),
  });
  const running = data?.state === 'running';
  const fault = error ?? start.error;
  return (
    <section className={css.section} aria-label="Certificates and the log">
      <div className={css.head}>
        <div>
          <h2>Certificates and the log</h2>
          <p>
            {data?.finishedAt === undefined ? (
              'Every certificate, revocation and revocation list has exactly one record of how it came, and is as its last record says.'
            ) : (
              <>
                <TimeText iso={data.finishedAt} />
                {data.startedBy !== undefined && ` by ${data.startedBy}`}
              </>
            )}
          </p>
        </div>
        <Button
          size="xs"
          loading={start.isPending}
          disabled={running || data === undefined}
          onClick={() => start.mutate()}
        >
          {running ? 'Comparing…' : 'Compare now'}
        </Button>
      </div>
      {fault !== null && <Notice tone="fail">{asSentence(fault.message)}</Notice>}
      {data?.state === 'failed' && (
        <Notice tone="fail">
          It did not come to an end: {asSentence(data.reason ?? 'no reason was given')} This says
          nothing about the certificates; try again.
        </Notice>
      )}
      {data?.state === 'done' && <Result report={data} />}
    </section>
  );
}

function Result({ report }: { readonly report: Reconciliation }) {
  const { ok, checked, problems = [], problemCount = problems.length } = report;
  return (
    <>
      <Notice tone={ok === true ? 'good' : 'fail'}>
        {ok === true
          ? 'The state agrees with the log.'
          : `${plural(problemCount, 'thing')} in the state ${problemCount === 1 ? 'is' : 'are'} not as the log says.`}
        {checked !== undefined &&
          ` ${plural(checked.certificates, 'certificate')}, ${plural(checked.revocations, 'revocation')} and ${plural(checked.crls, 'revocation list')} were compared with ${plural(checked.records, 'record')}.`}
      </Notice>
      {problems.length > 0 && (
        <ul className={css.problems} aria-label="Differences">
          {problems.map(({ kind, object, message, index }) => (
            <li key={`${kind} ${object} ${index ?? ''}`}>
              <b>{differenceText(kind)}</b>
              <p>
                {index === undefined ? (
                  asSentence(message)
                ) : (
                  <Telling message={message} index={index} />
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
      {problemCount > problems.length && (
        <p className="quiet">
          The first {formatCount(problems.length)} of {formatCount(problemCount)}.
        </p>
      )}
    </>
  );
}

interface TellingProps {
  readonly message: string;
  readonly index: number;
}

/** What is wrong, leading to the record where the message names it. */
function Telling({ message, index }: TellingProps) {
  const [before, name, after] = aroundRecord(message, index);
  return (
    <>
      {before}
      <Link to="/audit/$index" params={{ index: String(index) }}>
        {name}
      </Link>
      {after}
    </>
  );
}
