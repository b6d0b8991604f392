import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useAdministered, useChange, useMay } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Review, Reviews } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { Notice } from '../../components/States.tsx';
import { TimeText } from '../../components/Values.tsx';
import { useTitle } from '../../lib/title.ts';
import { useNow } from '../../lib/use-now.ts';
import css from '../security.module.css';
import { quarterOf, quartersOf, type Quarter } from './review-period.ts';
import { ReviewStateMark } from './ReviewStateMark.tsx';

/** Who holds what, looked at once a quarter. */
export function ReviewsPage() {
  useTitle('Access review');
  const navigate = useNavigate();
  const now = useNow();
  const reviews = useAdministered<Reviews>('security/reviews');
  const may = useMay('certServer.security.reviews', 'create');
  const create = useChange(
    () => requestJson<Review>(apiUrl('security/reviews'), { method: 'POST' }),
    {
      leaves: true,
      onDone: ({ period }) =>
        void navigate({ to: '/security/reviews/$period', params: { period } }),
    },
  );
  const present = quarterOf(now);
  const begun = reviews.data?.reviews.some(({ period }) => period === present) ?? true;
  const { general } = faultsOf(create.error, []);
  return (
    <div className="page">
      <PageHead
        title="Access review"
        actions={
          may &&
          !begun && (
            <Button loading={create.isPending} onClick={() => create.mutate(undefined)}>
              Make the report of {present}
            </Button>
          )
        }
      >
        Once a quarter somebody looks at who holds what. The report is made from what is the case,
        an auditor signs it off, and both are recorded.
      </PageHead>
      {general !== null && (
        <div className={css.notices}>
          <Notice tone="fail">{general}</Notice>
        </div>
      )}
      <Reading
        of={reviews}
        failed="The reviews could not be read"
        skeleton={<TableSkeleton label="Loading the reviews" rows={4} />}
      >
        {(data) => (
          <DataTable
            label="Access reviews"
            columns={COLUMNS}
            rows={quartersOf(data.reviews, data.due, now)}
            keyOf={({ period }) => period}
          />
        )}
      </Reading>
    </div>
  );
}

const COLUMNS: readonly Column<Quarter>[] = [
  {
    title: 'Quarter',
    width: '18%',
    cell: ({ period, review }) =>
      review === null ? (
        <b className={css.strong}>{period}</b>
      ) : (
        <Link to="/security/reviews/$period" params={{ period }} className={css.name}>
          <b>{period}</b>
        </Link>
      ),
  },
  { title: 'State', width: '28%', cell: (quarter) => <ReviewStateMark {...quarter} /> },
  {
    title: 'Report made',
    cell: ({ review }) =>
      review === null ? (
        <span className="quiet">Not yet</span>
      ) : (
        <>
          <TimeText iso={review.createdAt} plain /> by {review.createdBy}
        </>
      ),
  },
  {
    title: 'Signed off',
    cell: ({ review }) =>
      review === null || review.signedAt === null ? (
        <span className="quiet">Not yet</span>
      ) : (
        <>
          <TimeText iso={review.signedAt} plain /> by {review.signedBy}
        </>
      ),
  },
];
