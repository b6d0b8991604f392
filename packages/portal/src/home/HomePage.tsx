import { IconArrowRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useHealth } from '../audit/use-records.ts';
import { useSession } from '../api/session.ts';
import { Notice } from '../components/States.tsx';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import { PAGE_ICONS } from '../shell/page-icons.ts';
import { allowedPages, type PageId } from '../shell/pages.ts';
import { CertificateOverview } from './CertificateOverview.tsx';
import css from './home.module.css';

const ABOUT: Record<PageId, string> = {
  certificates: 'Find certificates, renew, revoke and download them, see what happened to each.',
  enroll: 'Ask for a certificate, by a CSR or with a key made here.',
  requests: 'What waits for approval, and what was decided.',
  csrs: 'Requests made here for certificates of other authorities, with their keys.',
  import: 'Bring in certificates that were issued elsewhere.',
  collections: 'Searches that are kept, and which roles may do what with their certificates.',
  templates: 'By what rules certificates are issued, and to whom.',
  authorities: 'Who signs certificates here, with revocation lists and OCSP.',
  stores: 'Files and folders in which servers find their certificates.',
  'store-jobs': 'Work at stores: what waits, what is done, what failed.',
  settings: 'How this installation behaves.',
  alerts: 'Who is told before certificates expire, and of requests.',
  metadata: 'What is kept beside certificates.',
  audit: 'Search every record, open one, and check its proof in this browser.',
  health: 'Whether the log takes records, is complete, and was verified.',
  catalogue: 'Every event that is recorded, with its category, operation and level.',
  'audit-configuration': 'Which events are recorded, filtered by what, and into which files.',
  'audit-files': "The log as signed files in Dogtag's format, to download and to verify.",
  erasures: 'Contents to be erased for good, once a second auditor approves.',
  'security/identities': 'Who signs in here, with which roles and certificates.',
  'security/roles': 'What each role may do, and who holds it.',
  'security/claims': 'Which roles an identity provider brings along.',
  'security/access-rules': 'Who may do what with each resource, line by line.',
  'security/applications': 'Programs that use the API, their keys and roles.',
  'security/reviews': 'Who holds what, quarter by quarter, signed off by an auditor.',
  'account/tokens': 'Keys for programs that act in your name.',
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
      <CertificateOverview pages={new Set(pages.map(({ id }) => id))} />
      <ul className={css.pages}>
        {pages.map((page) => {
          const Icon = PAGE_ICONS[page.id];
          return (
            <li key={page.id}>
              <Link to={page.path} className={css.page}>
                <Icon size={20} stroke={1.6} aria-hidden />
                <span>
                  <b>
                    {page.group} · {page.title}
                  </b>
                  {ABOUT[page.id]}
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
