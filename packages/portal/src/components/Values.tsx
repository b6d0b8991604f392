import { Tooltip } from '@mantine/core';
import { useCopy } from '../lib/clipboard.ts';
import { groupsOfFour } from '../lib/format.ts';
import { usePreferences } from '../lib/preferences.tsx';
import { formatTime, formatTimeWithZone, zoneOffset } from '../lib/time.ts';
import css from './values.module.css';

interface CopyableProps {
  readonly value: string;
  /** What it is, for people who do not see it. */
  readonly label: string;
  /** Hashes and serial numbers are shown in groups of four; what is copied has no gaps. */
  readonly grouped?: boolean;
}

/** A forensic value: all of it, in mono, copied on click. */
export function Copyable({ value, label, grouped = false }: CopyableProps) {
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className={css.copy}
      data-copied={copied || undefined}
      data-grouped={grouped || undefined}
      aria-label={`${label}: ${value}. Copy`}
      title={copied ? 'Copied' : 'Click to copy'}
      onClick={(event) => {
        event.stopPropagation();
        copy(value);
      }}
    >
      {grouped
        ? groupsOfFour(value).map((group, n) => (
            <span
              // oxlint-disable-next-line react/no-array-index-key -- they repeat and never move: their place is their identity
              key={n}
            >
              {group}
            </span>
          ))
        : value}
      {copied && <output className="hidden-visually">Copied</output>}
    </button>
  );
}

interface TimeProps {
  readonly iso: string;
  /** Without its offset. */
  readonly plain?: boolean;
  /** Without what is below a second: where the thing itself has no more. */
  readonly whole?: boolean;
}

/** A time in the chosen zone; the other zone stands in its tooltip. */
export function TimeText({ iso, plain = false, whole = false }: TimeProps) {
  const { zone } = usePreferences();
  const text = formatTime(iso, zone);
  const other = formatTimeWithZone(iso, zone === 'utc' ? 'local' : 'utc');
  return (
    <time
      dateTime={iso}
      className={css.time}
      title={`${formatTimeWithZone(iso, zone)}\n${other}${zone === 'utc' ? ' (this machine)' : ' (UTC)'}`}
    >
      {text.slice(0, -4)}
      {!whole && <span className={css.millis}>{text.slice(-4)}</span>}
      {!plain && <span className={css.millis}> {zoneOffset(new Date(iso), zone)}</span>}
    </time>
  );
}

/** The day of a time, where the hour does not matter; all of it stands in its tooltip. */
export function DayText({ iso }: { readonly iso: string }) {
  const { zone } = usePreferences();
  return (
    <time dateTime={iso} className={css.time} title={formatTimeWithZone(iso, zone)}>
      {formatTime(iso, zone).slice(0, 10)}
    </time>
  );
}

/** Level as a shape and a word: never by colour alone. */
export function LevelMark({ level }: { readonly level: string }) {
  return (
    <span className={css.level} data-level={level}>
      <LevelShape level={level} />
      {level}
    </span>
  );
}

/** Round for information, a triangle for a warning, a square for a failure. */
export function LevelShape({ level }: { readonly level: string }) {
  return (
    <svg width="9" height="9" viewBox="0 0 9 9" aria-hidden fill="currentColor">
      {level === 'Warning' && <path d="M4.5 0.5 9 8.5H0z" />}
      {level === 'Failure' && <rect x="0.5" y="0.5" width="8" height="8" rx="1.5" />}
      {level !== 'Warning' && level !== 'Failure' && <circle cx="4.5" cy="4.5" r="3.5" />}
    </svg>
  );
}

export type SealState = 'verified' | 'included' | 'pending' | 'erased' | 'failed';

const SEALS: Record<SealState, string> = {
  verified: 'Verified in this browser',
  included: 'Included in the signed log; open it to verify',
  pending: 'Waits for the next signed checkpoint',
  erased: 'Content erased; its place in the log remains',
  failed: 'Verification failed in this browser',
};

/** The shape of a seal, for where its words stand beside it. */
export function SealShape({ state }: { readonly state: SealState }) {
  return (
    <span className={css.seal} data-seal={state}>
      <svg width="16" height="16" viewBox="0 0 16 16" fill="none" aria-hidden>
        {state === 'verified' && (
          <>
            <circle cx="8" cy="8" r="6.6" fill="currentColor" />
            <path d="m5 8.2 2.1 2.1L11.1 6" stroke="var(--surface)" strokeWidth="1.7" />
          </>
        )}
        {state === 'included' && (
          <>
            <circle cx="8" cy="8" r="6" stroke="currentColor" strokeWidth="1.3" />
            <path d="m5.4 8.1 1.8 1.8 3.5-3.7" stroke="currentColor" strokeWidth="1.3" />
          </>
        )}
        {state === 'pending' && (
          <>
            <circle
              cx="8"
              cy="8"
              r="6"
              stroke="currentColor"
              strokeWidth="1.3"
              strokeDasharray="2.4 2.2"
            />
            <path d="M8 5v3.2l2 1.2" stroke="currentColor" strokeWidth="1.3" />
          </>
        )}
        {state === 'erased' && (
          <>
            <circle cx="8" cy="8" r="6" stroke="currentColor" strokeWidth="1.3" />
            <path d="M5 8h6" stroke="currentColor" strokeWidth="1.3" />
          </>
        )}
        {state === 'failed' && (
          <>
            <path d="M8 .8 15.2 8 8 15.2.8 8z" fill="currentColor" />
            <path
              d="M5.9 5.9 10.1 10.1M10.1 5.9 5.9 10.1"
              stroke="var(--surface)"
              strokeWidth="1.6"
            />
          </>
        )}
      </svg>
    </span>
  );
}

/** The seal of a record: its shape, with what it means in the tooltip and for those who do not see it. */
export function Seal({ state }: { readonly state: SealState }) {
  return (
    <Tooltip label={SEALS[state]}>
      <span className={css.sealed}>
        <SealShape state={state} />
        <span className="hidden-visually">{SEALS[state]}</span>
      </span>
    </Tooltip>
  );
}
