import { Button } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Session } from '../api/types.ts';
import states from '../components/states.module.css';
import { Copyable } from '../components/Values.tsx';
import { useTitle } from '../lib/title.ts';
import type { Denial } from './denial.ts';

interface Props {
  readonly denial: Denial;
  /** Null when nobody is signed in. */
  readonly session: Session | null;
}

const AUDITORS_ONLY =
  'Only auditors read the audit log, and nobody holds that role beside another.';
const WHOM: Record<string, string> = {
  'certServer.log.content': AUDITORS_ONLY,
  'certServer.log.status': AUDITORS_ONLY,
};

function whomToAsk(resource: string | null): string {
  const known = Object.entries(WHOM).find(([prefix]) => resource?.startsWith(prefix) === true);
  return `${known === undefined ? '' : `${known[1]} `}If you need this for your work, ask an administrator of this server for a role that has the right, and name the record above.`;
}

/** What was asked for, which right it needs, that it was recorded, and whom to ask. */
export function DeniedPage({ denial, session }: Props) {
  useTitle('Access denied');
  const roles = denial.roles.length > 0 ? denial.roles : (session?.user.roles ?? []);
  return (
    <div className={states.state} data-testid="access-denied">
      <span className={states.mark} data-tone="warn" aria-hidden>
        <IconLock size={20} stroke={1.6} />
      </span>
      <h1>Access denied</h1>
      <p className={states.body}>
        {session === null ? 'You are not signed in.' : 'Your roles do not include this right.'} The
        attempt was recorded
        {denial.recordIndex !== null && (
          <>
            {' '}
            as record <b>{denial.recordIndex}</b> of the audit log
          </>
        )}
        .
      </p>
      <dl className={states.facts}>
        <dt>Asked for</dt>
        <dd>{denial.route ?? window.location.pathname}</dd>
        {denial.resource !== null && (
          <>
            <dt>Needs the right</dt>
            <dd>
              {denial.operation ?? 'read'} on {denial.resource}
            </dd>
          </>
        )}
        {session !== null && (
          <>
            <dt>Signed in as</dt>
            <dd>{session.user.username}</dd>
          </>
        )}
        <dt>Roles held</dt>
        <dd>{roles.length === 0 ? 'none' : roles.join(', ')}</dd>
        {denial.recordIndex !== null && (
          <>
            <dt>Record</dt>
            <dd>
              <Copyable label="Record number" value={String(denial.recordIndex)} />
            </dd>
          </>
        )}
        {denial.requestId !== null && (
          <>
            <dt>Request</dt>
            <dd>
              <Copyable label="Request" value={denial.requestId} />
            </dd>
          </>
        )}
      </dl>
      <p className={states.body}>{whomToAsk(denial.resource)}</p>
      <div className={states.actions}>
        {session === null ? (
          <Button
            component="a"
            href={`/portal/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`}
            size="xs"
          >
            Sign in
          </Button>
        ) : (
          <Button component={Link} to="/" size="xs" variant="default">
            To the start
          </Button>
        )}
      </div>
    </div>
  );
}
