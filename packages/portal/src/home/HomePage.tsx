import { IconArrowRight, IconBook2, IconHeartbeat, IconListDetails } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useHealth } from '../audit/use-records.ts';
import { useSession } from '../api/session.ts';
import { Notice } from '../components/States.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { allowedPages, type PortalPage } from '../shell/pages.ts';
import css from './home.module.css';

const ABOUT: Record<PortalPage['id'], { text: string; Icon: typeof IconBook2 }> = {
  audit: {
    text: 'Search every record, open one, and check its proof in this browser.',
    Icon: IconListDetails,
  },
  health: {
    text: 'Whether the log takes records, is complete, and was verified.',
    Icon: IconHeartbeat,
  },
  catalogue: {
    text: 'Every event that is recorded, with its category, operation and level.',
    Icon: IconBook2,
  },
};

/** What this person can do here, who reads the log, and whether the log is well. */
export function HomePage() {
  useTitle('Start');
  const session = useSession();
  if (session === null) return null;
  const pages = allowedPages(session.navigation);
  const readsLog = pages.some(({ id }) => id === 'audit');
  const { username, name, roles } = session.user;
  return (
    <div className="page">
      <h1>{name ?? username}</h1>
      <p className={css.roles}>
        {roles.length === 0 ? 'You hold no role yet.' : `You hold the role ${roles.join(', ')}.`}
      </p>
      <Status />
      <ul className={css.pages}>
        {pages.map((page) => {
          const { text, Icon } = ABOUT[page.id];
          return (
            <li key={page.id}>
              <Link to={page.path} className={css.page}>
                <Icon size={20} stroke={1.6} aria-hidden />
                <span>
                  <b>
                    {page.group} · {page.title}
                  </b>
                  {text}
                </span>
                <IconArrowRight size={16} stroke={1.6} aria-hidden />
              </Link>
            </li>
          );
        })}
      </ul>
      {!readsLog && (
        <section className={css.about}>
          <h2>Who reads the audit log</h2>
          <p>
            Everything you do here becomes a record of the audit log. Only people with the role{' '}
            <b>Auditor</b> read it, and nobody holds that role together with another one: who
            watches is not who acts. To have something looked up, ask an auditor; what they read is
            recorded, too.
          </p>
        </section>
      )}
    </div>
  );
}

const WORDS = {
  ok: 'The log takes records.',
  degraded: 'The log takes records, but somebody should look at it.',
  failing: 'The log takes no records. What must be recorded is refused until it does.',
};

function Status() {
  const { data, isError } = useHealth();
  if (isError) {
    return (
      <div className={css.notice}>
        <Notice tone="warn">The state of the log could not be read.</Notice>
      </div>
    );
  }
  if (data === undefined) return <div className={css.notice} style={{ minHeight: 36 }} />;
  return (
    <div className={css.notice}>
      <Notice tone={data.status === 'ok' ? 'info' : data.status === 'degraded' ? 'warn' : 'fail'}>
        {WORDS[data.status]} It holds {plural(data.treeSize, 'record')}.
      </Notice>
    </div>
  );
}
