import { Button } from '@mantine/core';
import { IconCheck, IconMinus, IconQuestionMark, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Axis, AxisName, Verification, VerificationVerdict } from '../api/types.ts';
import { Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatCount, plural } from '../lib/format.ts';
import css from './health.module.css';
import { useVerification } from './use-health.ts';
import { progressText } from './verdict.ts';

/** The last verification of the whole log by the server, and a way to run one now. */
export function VerificationSection({ initial }: { readonly initial: Verification }) {
  const { state, readAt, start } = useVerification(initial);
  const running = state.state === 'running';
  return (
    <section className={css.section} aria-label="Verification">
      <div className={css.head}>
        <div>
          <h2>Verification of the whole log</h2>
          <p>
            <When state={state} />
          </p>
        </div>
        <Button
          size="xs"
          loading={start.isPending}
          disabled={running}
          onClick={() => start.mutate()}
        >
          {running ? 'Verifying…' : 'Verify now'}
        </Button>
      </div>
      {start.isError && (
        <Notice tone="fail">The verification could not be started: {start.error.message}.</Notice>
      )}
      {running && <Progress state={state} now={readAt} />}
      {state.state === 'failed' && (
        <Notice tone="fail">
          The verification did not come to an end: {state.reason ?? 'no reason was given'}. This
          says nothing about the log; try again.
        </Notice>
      )}
      {state.state === 'done' && state.verdict !== undefined && <Result verdict={state.verdict} />}
    </section>
  );
}

function When({ state }: { readonly state: Verification }) {
  switch (state.state) {
    case 'never':
      return 'Not verified since this server started. Signatures, tree, every content, every numbering and the index are checked.';
    case 'running':
      return 'It goes on when you leave this page.';
    case 'done':
    case 'failed':
      return (
        <>
          {state.finishedAt !== undefined && <TimeText iso={state.finishedAt} />}
          {state.startedBy !== undefined && ` by ${state.startedBy}`}
          {state.verdict !== undefined &&
            `, ${plural(state.verdict.size, 'record')} at ${formatCount(Math.round(state.verdict.recordsPerSecond))} a second`}
        </>
      );
  }
}

function Progress({ state, now }: { readonly state: Verification; readonly now: number }) {
  const done = state.done ?? 0;
  const total = Math.max(1, state.total ?? 1);
  const elapsed = state.startedAt === undefined ? 0 : now - Date.parse(state.startedAt);
  return (
    <div>
      <progress className={css.progress} aria-label="Verification" max={total} value={done} />
      <span className="quiet">{progressText(done, total, elapsed)}</span>
    </div>
  );
}

const AXES: readonly (readonly [AxisName, string, string])[] = [
  ['integrity', 'Integrity', 'Nothing was changed'],
  ['completeness', 'Completeness', 'Nothing is missing'],
  ['time', 'Time', 'When it was written'],
  ['independence', 'Independence', 'Who else vouches for it'],
];

const WORDS: Record<Axis['verdict'], string> = {
  verified: 'Verified',
  failed: 'Failed',
  partial: 'In part',
  unverifiable: 'Not verifiable',
};

function Result({ verdict }: { readonly verdict: VerificationVerdict }) {
  return (
    <>
      <div className={css.axes}>
        {AXES.map(([name, title, question]) => {
          const axis = verdict.axes[name];
          return (
            <div key={name} className={css.axis}>
              <b title={question}>{title}</b>
              <AxisMark verdict={axis.verdict} />
              <div>
                {axis.summary}
                {axis.evidence.length > 0 && (
                  <ul>
                    {axis.evidence.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                )}
              </div>
            </div>
          );
        })}
      </div>
      {verdict.problems.length > 0 && (
        <ul className={css.problems} aria-label="Problems">
          {verdict.problems.map((problem) => (
            <li
              key={`${problem.kind} ${problem.file ?? ''} ${problem.offset ?? ''} ${problem.message}`}
            >
              <b>{problem.kind}</b> {problem.message}
              {problem.index !== undefined && (
                <>
                  {' '}
                  <Link to="/audit/$index" params={{ index: String(problem.index) }}>
                    Record {problem.index}
                  </Link>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function AxisMark({ verdict }: { readonly verdict: Axis['verdict'] }) {
  return (
    <span className={css.mark} data-verdict={verdict}>
      {verdict === 'verified' && <IconCheck size={16} stroke={2.2} aria-hidden />}
      {verdict === 'failed' && <IconX size={16} stroke={2.2} aria-hidden />}
      {verdict === 'partial' && <IconMinus size={16} stroke={2.2} aria-hidden />}
      {verdict === 'unverifiable' && <IconQuestionMark size={16} stroke={2} aria-hidden />}
      {WORDS[verdict]}
    </span>
  );
}
