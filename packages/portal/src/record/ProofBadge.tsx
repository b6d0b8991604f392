import { Button, Loader } from '@mantine/core';
import {
  IconCheck,
  IconChevronRight,
  IconCircleMinus,
  IconMinus,
  IconX,
} from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Session } from '../api/types.ts';
import { Copyable, SealShape, TimeText } from '../components/Values.tsx';
import { formatCount } from '../lib/format.ts';
import { KeyDialog } from './KeyDialog.tsx';
import type { ProofResult, ProofStep, ProofValue } from './proof.ts';
import css from './proof.module.css';
import { usePin } from './use-pin.ts';

interface Props {
  readonly index: number;
  readonly session: Session;
  readonly result: ProofResult | null;
  /** Why the proof could not be fetched, if it could not. */
  readonly failure: string | null;
  readonly opened: boolean;
  readonly onOpen: (open: boolean) => void;
}

/** The verdict of this browser on one record, which opens into the checks it rests on. */
export function ProofBadge({ index, session, result, failure, opened, onOpen }: Props) {
  const id = useId();
  if (result === null) return <Waiting failure={failure} />;
  // A failure is never folded away.
  const open = opened || !result.ok;
  const verdict = result.ok ? (result.erased ? 'erased' : 'verified') : 'failed';
  return (
    <section className={css.badge} data-verdict={verdict} aria-label="Proof" data-testid="proof">
      <button
        type="button"
        className={css.head}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpen(!opened)}
      >
        <SealShape state={verdict} />
        <span className={css.title}>
          <b>{TITLES[verdict]}</b>
          <span>{summaryOf(index, result)}</span>
        </span>
        <IconChevronRight size={16} stroke={1.7} className={css.chevron} aria-hidden />
      </button>
      {/* Folded away it is still there for paper: a record is printed with its proof. */}
      <div id={id} className={open ? undefined : css.folded}>
        <ol className={css.steps}>
          {result.steps.map((step, n) => (
            <Step key={step.id} step={step} number={n + 1} />
          ))}
        </ol>
        <Trust session={session} />
      </div>
    </section>
  );
}

const TITLES = {
  verified: 'Verified in this browser',
  erased: 'Place in the log verified; content erased',
  failed: 'Verification failed',
};

function summaryOf(index: number, result: ProofResult): string {
  const failed = result.steps.find(({ verdict }) => verdict === 'failed');
  if (failed !== undefined) return `${failed.title}: no. Do not rely on this record.`;
  const size = result.checkpoint?.size;
  return size === undefined
    ? ''
    : `Record ${formatCount(index)} in a signed log of ${formatCount(size)}. Five checks, none left to the server.`;
}

function Waiting({ failure }: { readonly failure: string | null }) {
  return (
    <section className={css.badge} aria-label="Proof" data-testid="proof">
      <div className={css.head}>
        {failure === null ? <Loader size={16} color="gray" /> : <SealShape state="pending" />}
        <span className={css.title}>
          <b>{failure === null ? 'Verifying in this browser…' : 'Not verified'}</b>
          <span>{failure ?? 'Fetching the proof'}</span>
        </span>
      </div>
    </section>
  );
}

const WORDS = { passed: 'yes', failed: 'no', erased: 'erased', skipped: 'not checked' };

function StepMark({ verdict }: { readonly verdict: ProofStep['verdict'] }) {
  return (
    <span className={css.mark} data-verdict={verdict} aria-hidden>
      {verdict === 'passed' && <IconCheck size={17} stroke={2.4} />}
      {verdict === 'failed' && <IconX size={17} stroke={2.4} />}
      {verdict === 'erased' && <IconCircleMinus size={17} stroke={1.8} />}
      {verdict === 'skipped' && <IconMinus size={17} stroke={1.8} />}
    </span>
  );
}

function Step({ step, number }: { readonly step: ProofStep; readonly number: number }) {
  const path = step.values.filter(({ label }) => label.startsWith('Audit path'));
  const others = step.values.filter((value) => !path.includes(value));
  return (
    <li className={css.step} data-verdict={step.verdict} data-step={step.id}>
      <StepMark verdict={step.verdict} />
      <div>
        <h4>
          {number}. {step.title}
          <small>{WORDS[step.verdict]}</small>
        </h4>
        <p>{step.detail}</p>
        <Values values={others} />
        {path.length > 0 && (
          <details className={css.path}>
            <summary>The {path.length} hashes of the path</summary>
            <Values values={path} />
          </details>
        )}
      </div>
    </li>
  );
}

function Values({ values }: { readonly values: readonly ProofValue[] }) {
  if (values.length === 0) return null;
  return (
    <dl className={css.values}>
      {values.map(({ label, value, kind }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Copyable label={label} value={value} grouped={kind === 'hash'} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Trust({ session }: { readonly session: Session }) {
  const { state } = usePin(session);
  const [dialog, setDialog] = useState(false);
  return (
    <div className={css.trust}>
      <span>
        {state.pin.source === 'pasted' ? 'Key pinned by you ' : 'Key pinned on first use '}
        <TimeText iso={state.pin.since} />
      </span>
      <Button size="compact-xs" variant="subtle" onClick={() => setDialog(true)}>
        About this key…
      </Button>
      {dialog && <KeyDialog session={session} onClose={() => setDialog(false)} />}
    </div>
  );
}
