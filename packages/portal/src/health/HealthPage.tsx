import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../api/session.ts';
import type { HealthDetails, Session } from '../api/types.ts';
import { ErrorState, Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import { denialOf } from '../denied/denial.ts';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { formatBytes, formatCount, plural } from '../lib/format.ts';
import { formatDuration } from '../lib/time.ts';
import { useTitle } from '../lib/title.ts';
import { KeyDialog } from '../record/KeyDialog.tsx';
import { usePin } from '../record/use-pin.ts';
import type { ConsistencyResult } from './consistency.ts';
import css from './health.module.css';
import { ReconciliationSection } from './ReconciliationSection.tsx';
import { useConsistency, useHealthDetails } from './use-health.ts';
import { judgeHealth, type HealthVerdict } from './verdict.ts';
import { VerificationSection } from './VerificationSection.tsx';

/** One verdict with its reason, and what it rests on. */
export function HealthPage() {
  useTitle('Log health');
  const session = useSession();
  const details = useHealthDetails();
  const denial = denialOf(details.error);
  if (session === null) return null;
  if (denial !== null) return <DeniedPage denial={denial} session={session} />;
  if (details.isPending) return <HealthSkeleton />;
  if (details.isError) {
    return (
      <ErrorState
        what="The health of the log could not be read"
        error={details.error}
        onRetry={() => void details.refetch()}
      />
    );
  }
  return (
    <Loaded
      health={details.data}
      session={session}
      refreshing={details.isFetching}
      onRefresh={() => void details.refetch()}
    />
  );
}

interface LoadedProps {
  readonly health: HealthDetails;
  readonly session: Session;
  readonly refreshing: boolean;
  readonly onRefresh: () => void;
}

function Loaded({ health, session, refreshing, onRefresh }: LoadedProps) {
  const { state } = usePin(session);
  const consistency = useConsistency(health, state.pin.vkey);
  const verdict = judgeHealth(health, consistency, state.kind === 'changed');
  return (
    <div className="page">
      <Verdict verdict={verdict} />
      <Figures health={health} />
      <VerificationSection initial={health.verification} />
      <ReconciliationSection />
      <section className={css.section}>
        <div className={css.head}>
          <h2>Checkpoint</h2>
          <Button
            size="xs"
            variant="default"
            loading={refreshing}
            leftSection={<IconRefresh size={14} stroke={1.8} />}
            onClick={onRefresh}
          >
            Read again
          </Button>
        </div>
        <Consistency result={consistency} />
        <Checkpoint health={health} session={session} />
      </section>
      <Producers health={health} />
    </div>
  );
}

function Verdict({ verdict }: { readonly verdict: HealthVerdict }) {
  return (
    <section
      className={css.verdict}
      data-tone={verdict.tone}
      aria-label="Verdict"
      data-testid="verdict"
    >
      {verdict.tone === 'good' && <IconCircleCheck size={24} stroke={1.7} aria-hidden />}
      {verdict.tone === 'warn' && <IconAlertTriangle size={24} stroke={1.7} aria-hidden />}
      {verdict.tone === 'fail' && <IconCircleX size={24} stroke={1.7} aria-hidden />}
      <div>
        <h1>{verdict.title}</h1>
        {verdict.reasons.map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </div>
    </section>
  );
}

function Figures({ health }: { readonly health: HealthDetails }) {
  const { disk, index, checkpoint } = health;
  const free = disk.totalBytes === 0 ? 0 : Math.round((disk.freeBytes / disk.totalBytes) * 100);
  return (
    <dl className={css.figures}>
      <div className={css.figure}>
        <dt>Records in the log</dt>
        <dd>
          {formatCount(health.treeSize)}
          <small>{plural(health.segments, 'segment')}</small>
        </dd>
      </div>
      <div className={css.figure}>
        <dt>Searchable</dt>
        <dd>
          {formatCount(index.indexedSize)}
          <small>{index.lag === 0 ? 'all of them' : `${plural(index.lag, 'record')} behind`}</small>
        </dd>
      </div>
      <div className={css.figure}>
        <dt>Checkpoint</dt>
        <dd>
          {checkpoint.ageSeconds < 1
            ? 'Just signed'
            : `${formatDuration(checkpoint.ageSeconds * 1000)} old`}
          <small>
            <TimeText iso={checkpoint.signedAt} />
          </small>
        </dd>
      </div>
      <div className={css.figure}>
        <dt>Free space</dt>
        <dd>
          {formatBytes(disk.freeBytes)}
          <small>
            {free} % of {formatBytes(disk.totalBytes)}
          </small>
        </dd>
      </div>
    </dl>
  );
}

function Consistency({ result }: { readonly result: ConsistencyResult | null }) {
  if (result === null) return <Skeleton height={36} mb={12} />;
  const tone = {
    first: 'info',
    same: 'good',
    extended: 'good',
    failed: 'fail',
    unknown: 'warn',
  } as const;
  return (
    <div style={{ paddingBottom: 12 }} data-testid="consistency">
      <Notice tone={tone[result.kind]}>{result.detail} Checked in this browser.</Notice>
    </div>
  );
}

function Checkpoint({ health, session }: Pick<LoadedProps, 'health' | 'session'>) {
  const { state } = usePin(session);
  const [dialog, setDialog] = useState(false);
  return (
    <>
      <dl className={css.pair}>
        <dt>Log</dt>
        <dd>
          <Copyable label="Log" value={health.origin} />
        </dd>
        <dt>{health.keys.length > 1 ? 'Keys' : 'Key'}</dt>
        <dd>
          {health.keys.map((key) => (
            <div key={key}>
              <Copyable label="Verifier key" value={key} />
            </div>
          ))}
        </dd>
        <dt>Pinned here</dt>
        <dd>
          {state.pin.source === 'pasted' ? 'by you' : 'on first use'},{' '}
          <TimeText iso={state.pin.since} />{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => setDialog(true)}>
            About this key…
          </Button>
        </dd>
        <dt>Running since</dt>
        <dd>
          <TimeText iso={health.startedAt} />
        </dd>
      </dl>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key */}
      <pre className={css.note} tabIndex={0} aria-label="The signed checkpoint">
        {health.checkpoint.text}
      </pre>
      {dialog && <KeyDialog session={session} onClose={() => setDialog(false)} />}
    </>
  );
}

function Producers({ health }: { readonly health: HealthDetails }) {
  return (
    <section className={css.section}>
      <div className={css.head}>
        <div>
          <h2>Producers</h2>
          <p>Each numbers its records without gaps; a missing number would be refused.</p>
        </div>
      </div>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col" className={css.number}>
              Last number
            </th>
            <th scope="col" className={css.number}>
              Its record
            </th>
          </tr>
        </thead>
        <tbody>
          {health.producers.map(({ name, lastSeq, lastIndex }) => (
            <tr key={name}>
              <td>
                <Link to="/audit" search={{ q: `Producer -eq "${name}"` }}>
                  {name}
                </Link>
              </td>
              <td className={css.number}>{formatCount(lastSeq)}</td>
              <td className={css.number}>
                <Link to="/audit/$index" params={{ index: String(lastIndex) }}>
                  {formatCount(lastIndex)}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {health.producers.length === 0 && <p className="quiet">No producer has sent a record yet.</p>}
    </section>
  );
}

function HealthSkeleton() {
  return (
    <section className="page" aria-busy aria-label="Loading the health of the log">
      <Skeleton height={78} radius={8} />
      <Skeleton height={76} mt={24} />
      <Skeleton height={14} width={160} mt={40} />
      <Skeleton height={150} mt={16} />
      <Skeleton height={14} width={120} mt={40} />
      <Skeleton height={120} mt={16} />
    </section>
  );
}
