import type { Review, ReviewedIdentity, ReviewedRole } from '../../api/security.ts';
import { DataTable, type Column } from '../../components/DataTable.tsx';
import { StateMark } from '../../components/Marks.tsx';
import { Section } from '../../components/PageHead.tsx';
import { TimeText } from '../../components/Values.tsx';
import { formatCount, plural } from '../../lib/format.ts';
import css from '../security.module.css';
import { FINDING_WORDS, findingsOf, rightsByResource } from './review-findings.ts';

type Report = Review['report'];

/** Everybody, with what they hold and how they come in. */
export function ReviewedIdentities({ report }: { readonly report: Report }) {
  return (
    <Section title="Identities" note={plural(report.identities.length, 'identity', 'identities')}>
      <DataTable
        label="Identities"
        columns={columnsFor(report)}
        rows={report.identities}
        keyOf={({ username }) => username}
      />
    </Section>
  );
}

function columnsFor(report: Report): Column<ReviewedIdentity>[] {
  return [
    {
      title: 'Identity',
      width: '22%',
      cell: ({ username, name, kind }) => (
        <>
          <b className={css.strong}>{username}</b>
          <span className={css.small}>{kind === 'application' ? 'API application' : name}</span>
        </>
      ),
    },
    {
      title: 'Roles',
      width: '22%',
      cell: ({ roles }) =>
        roles.length === 0 ? <span className="quiet">None</span> : roles.join(', '),
    },
    {
      title: 'Comes in with',
      cell: ({ kind, provider, certificates, tokens }) =>
        [
          kind === 'application' ? 'Key and secret' : (provider ?? 'Password'),
          ...(certificates > 0 ? [plural(certificates, 'certificate')] : []),
          ...(tokens > 0 ? [plural(tokens, 'token')] : []),
        ].join(', '),
    },
    {
      title: 'Last sign-in',
      width: '180px',
      cell: ({ lastSignIn }) =>
        lastSignIn === null ? (
          <span className="quiet">Never</span>
        ) : (
          <TimeText iso={lastSignIn} plain />
        ),
    },
    {
      title: 'Stands out',
      cell: (identity) => {
        const findings = findingsOf(identity, report);
        if (findings.length === 0) return identity.disabled ? <StateMark>Disabled</StateMark> : '';
        return (
          <StateMark tone="warn">
            {findings.map((finding) => FINDING_WORDS[finding]).join('; ')}
          </StateMark>
        );
      },
    },
  ];
}

const ROLE_COLUMNS: readonly Column<ReviewedRole>[] = [
  { title: 'Role', width: '18%', cell: ({ name }) => <b className={css.strong}>{name}</b> },
  { title: 'Members', width: '84px', align: 'end', cell: ({ members }) => formatCount(members) },
  {
    title: 'Claims',
    width: '20%',
    cell: ({ claimed }) =>
      claimed.length === 0 ? (
        <span className="quiet">None</span>
      ) : (
        <ul className={css.rights}>
          {claimed.map((claim) => (
            <li key={claim}>{claim}</li>
          ))}
        </ul>
      ),
  },
  {
    title: 'May',
    cell: ({ permissions }) =>
      permissions.length === 0 ? (
        <span className="quiet">Nothing</span>
      ) : (
        <ul className={css.rights}>
          {rightsByResource(permissions).map(({ resource, operations }) => (
            <li key={resource}>
              {resource} <b>{operations.join(', ')}</b>
            </li>
          ))}
        </ul>
      ),
  },
];

/** Every role with what it may. */
export function ReviewedRoles({ roles }: { readonly roles: readonly ReviewedRole[] }) {
  return (
    <Section title="Roles" note={plural(roles.length, 'role')}>
      <DataTable label="Roles" columns={ROLE_COLUMNS} rows={roles} keyOf={({ name }) => name} />
    </Section>
  );
}
