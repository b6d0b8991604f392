import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPrinter } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { pathTo, useAdministered, useMay } from '../../api/administration.ts';
import type { Review } from '../../api/security.ts';
import { TableSkeleton } from '../../components/DataTable.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { TimeText } from '../../components/Values.tsx';
import { useTitle } from '../../lib/title.ts';
import { useNow } from '../../lib/use-now.ts';
import { RecordsLink } from '../RecordsLink.tsx';
import css from '../security.module.css';
import { Findings } from './Findings.tsx';
import { ReviewedIdentities, ReviewedRoles } from './ReportTables.tsx';
import { reviewState } from './review-period.ts';
import { ReviewStateMark } from './ReviewStateMark.tsx';
import { SignDialog } from './SignDialog.tsx';

/** The report of one quarter, to be read, printed and signed off. */
export function ReviewPage() {
  const { period } = useParams({ from: '/shell/security/reviews/$period' });
  useTitle(`Access review ${period}`);
  const review = useAdministered<Review>(`security/reviews/${pathTo(period)}`);
  return (
    <div className="page">
      <Reading
        of={review}
        failed={`The review of ${period} could not be read`}
        skeleton={<TableSkeleton label={`Loading the review of ${period}`} rows={8} />}
      >
        {(found) => <Loaded review={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ review }: { readonly review: Review }) {
  const [signing, sign] = useDisclosure(false);
  const may = useMay('certServer.security.reviews', 'sign');
  const now = useNow();
  return (
    <>
      <PageHead
        title={`Access review ${review.period}`}
        actions={
          <>
            <RecordsLink target={review.period} about="this review" />
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPrinter size={15} stroke={1.7} />}
              onClick={() => window.print()}
            >
              Print
            </Button>
            {may && review.signedAt === null && (
              <Button size="xs" onClick={sign.open}>
                Sign off…
              </Button>
            )}
          </>
        }
      >
        Who holds what, as it was when the report was made.
      </PageHead>
      <dl className={css.facts}>
        <dt>State</dt>
        <dd>
          <ReviewStateMark period={review.period} state={reviewState(review, now)} />
        </dd>
        <dt>Report made</dt>
        <dd>
          <TimeText iso={review.createdAt} /> by {review.createdBy}
        </dd>
        <dt>Signed off</dt>
        <dd>
          {review.signedAt === null ? (
            <span className="quiet">Not yet; an auditor does</span>
          ) : (
            <>
              <TimeText iso={review.signedAt} /> by <b>{review.signedBy}</b>
            </>
          )}
        </dd>
        {review.comment !== null && review.comment !== '' && (
          <>
            <dt>Comment</dt>
            <dd className={css.said}>{review.comment}</dd>
          </>
        )}
      </dl>
      <Findings report={review.report} />
      <ReviewedIdentities report={review.report} />
      <ReviewedRoles roles={review.report.roles} />
      {signing && <SignDialog review={review} onClose={sign.close} />}
    </>
  );
}
