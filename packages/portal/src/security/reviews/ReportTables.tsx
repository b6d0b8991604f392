import type { ReviewedIdentity, ReviewedRole } from '../../api/security.ts';
import { DataTable, type Column } from '../../components/DataTable.tsx';
import { StateMark } from '../../components/Marks.tsx';
import { Section } from '../../components/PageHead.tsx';
import { TimeText } from '../../components/Values.tsx';
import { formatCount, plural } from '../../lib/format.ts';
import css from '../security.module.css';
import { FINDING_WORDS, findingsOf } from './review-findings.ts';

interface IdentitiesProps {
  readonly identities: readonly ReviewedIdentity[];
  /** When the report was made. */
  readonly at: Date;
}

/** Everybody, with what they hold and how they come in. */
export function ReviewedIdentities({ identities, at }: IdentitiesProps) {
  return (
    <Section title="Identities" note={plural(identities.length, 'identity', 'identities')}>
      <DataTable
        label="Identities"
        columns={columnsFor(at)}
        rows={identities}
        keyOf={({ username }) => username}
      />
    </Section>
  );
}

function columnsFor(at: Date): Column<ReviewedIdentity>[] {
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
        const findings = findingsOf(identity, at);
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
  { title: 'Role', width: '20%', cell: ({ name }) => <b className={css.strong}>{name}</b> },
  {
    title: 'Members',
    width: '84px',
    align: 'end',
    cell: ({ members }) => formatCount(members),
  },
  {
    title: 'Claims',
    width: '76px',
    align: 'end',
    cell: ({ claims }) => formatCount(typeof claims === 'number' ? claims : claims.length),
  },
  {
    title: 'May',
    cell: ({ permissions }) =>
      permissions.length === 0 ? (
        <span className="quiet">Nothing</span>
      ) : (
        <span className={css.rights}>{permissions.join(', ')}</span>
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
