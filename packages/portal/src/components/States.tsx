import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
  IconRefresh,
  IconSearchOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import css from './states.module.css';

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly icon?: ReactNode;
}

/** Nothing here: says what would be here and how to get it. */
export function EmptyState({ title, children, actions, icon }: EmptyProps) {
  return (
    <div className={css.state}>
      <span className={css.mark} aria-hidden>
        {icon ?? <IconSearchOff size={20} stroke={1.6} />}
      </span>
      <h2>{title}</h2>
      {children !== undefined && <div className={css.body}>{children}</div>}
      {actions !== undefined && <div className={css.actions}>{actions}</div>}
    </div>
  );
}

const ADVICE: Record<string, string> = {
  unreachable: 'Check that the server runs and that this machine can reach it, then try again.',
  index_unavailable: 'The log itself is not affected; try again in a moment.',
  log_unavailable: 'The log does not take or give records now; its health page says why.',
};

function adviceFor(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'Load the page again.';
  const known = ADVICE[error.code];
  if (known !== undefined) return known;
  if (error.status === 404) return 'Check the address or the number.';
  if (error.status === 429) return 'Wait a moment, then try again.';
  if (error.status >= 500) {
    return 'Try again; if it stays, give the request number to whoever runs this server.';
  }
  return 'Change what was asked for, then try again.';
}

interface ErrorProps {
  readonly what: string;
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What happened, its code, what to do, and a way to try again. */
export function ErrorState({ what, error, onRetry }: ErrorProps) {
  const problem = error instanceof ApiProblem ? error : null;
  const said = error instanceof Error ? error.message : String(error);
  const message = said.slice(0, 1).toUpperCase() + said.slice(1).replace(/\.$/, '');
  return (
    <div className={css.state} role="alert">
      <span className={css.mark} data-tone="fail" aria-hidden>
        <IconAlertTriangle size={20} stroke={1.6} />
      </span>
      <h2>{what}</h2>
      <p className={css.body}>
        {message}. {adviceFor(error)}
      </p>
      {problem !== null && (
        <dl className={css.facts}>
          <dt>Code</dt>
          <dd>{problem.code}</dd>
          {problem.requestId !== undefined && (
            <>
              <dt>Request</dt>
              <dd>{problem.requestId}</dd>
            </>
          )}
        </dl>
      )}
      {onRetry !== undefined && (
        <div className={css.actions}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            onClick={onRetry}
          >
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}

interface NoticeProps {
  readonly tone?: 'info' | 'warn' | 'fail' | 'good';
  readonly children: ReactNode;
}

/** One line that puts what is shown into its place, e.g. "the index is 1,204 records behind". */
export function Notice({ tone = 'info', children }: NoticeProps) {
  return (
    <div
      className={css.notice}
      data-tone={tone}
      role={tone === 'warn' || tone === 'fail' ? 'alert' : 'status'}
    >
      {tone === 'info' && <IconInfoCircle size={16} stroke={1.7} aria-hidden />}
      {tone === 'good' && <IconCircleCheck size={16} stroke={1.7} aria-hidden />}
      {(tone === 'warn' || tone === 'fail') && (
        <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      )}
      <div>{children}</div>
    </div>
  );
}
