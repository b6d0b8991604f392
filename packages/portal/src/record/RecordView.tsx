import { sentence as sentenceOf } from '@countersign/records';
import { Skeleton } from '@mantine/core';
import { useSession } from '../api/session.ts';
import type { RecordDetails } from '../api/types.ts';
import { TABS, type Tab } from '../audit/search-params.ts';
import { categoryName } from '../audit/category-name.ts';
import { Sentence } from '../audit/Sentence.tsx';
import { ErrorState } from '../components/States.tsx';
import { Tabs } from '../components/Tabs.tsx';
import { LevelMark, TimeText } from '../components/Values.tsx';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { denialOf } from '../denied/denial.ts';
import { EraseContent } from '../erasures/EraseContent.tsx';
import { CertificateLink } from './CertificateLink.tsx';
import { ChangeTab } from './ChangeTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { ProofBadge } from './ProofBadge.tsx';
import { RawTab } from './RawTab.tsx';
import css from './record.module.css';
import { RelatedTab } from './RelatedTab.tsx';
import { useRecord, useVerdict } from './use-record.ts';

export interface RecordViewProps {
  readonly index: number;
  readonly tab: Tab;
  readonly proofOpen: boolean;
  readonly onTab: (tab: Tab) => void;
  readonly onProof: (open: boolean) => void;
  readonly onFilter: (field: string, value: string) => void;
  readonly onRecord?: (index: number) => void;
}

const TAB_NAMES: Record<Tab, string> = {
  overview: 'Overview',
  change: 'Change',
  related: 'Related',
  raw: 'Raw',
};

/** One record: its sentence, its proof, its fields. In the drawer and on its own page alike. */
export function RecordView(props: RecordViewProps) {
  const { details, proof } = useRecord(props.index);
  const session = useSession();
  const denial = denialOf(details.error);
  if (denial !== null) return <DeniedPage denial={denial} session={session} />;
  if (details.isPending) return <RecordSkeleton />;
  if (details.isError) {
    return (
      <ErrorState
        what={`Record ${props.index} could not be read`}
        error={details.error}
        onRetry={() => void details.refetch()}
      />
    );
  }
  return (
    <Loaded
      {...props}
      record={details.data}
      proof={proof.data}
      proofFailure={proof.isError ? `The proof could not be fetched: ${proof.error.message}` : null}
    />
  );
}

interface LoadedProps extends RecordViewProps {
  readonly record: RecordDetails;
  readonly proof: string | undefined;
  readonly proofFailure: string | null;
}

function Loaded(props: LoadedProps) {
  const { record, proof, index } = props;
  const session = useSession();
  const result = useVerdict(record, proof);
  // What is shown is read from the bytes that were checked, not from the server's reading of them.
  const envelope = result?.envelope ?? record.envelope;
  const content = result === null ? record.content : result.content;
  const headline = result === null ? record.sentence : sentenceOf(envelope, content);
  return (
    <article aria-label={`Record ${index}`}>
      <h2 className={css.headline}>
        <Sentence sentence={headline} content={content} onFilter={props.onFilter} />
      </h2>
      <div className={css.meta}>
        <TimeText iso={envelope.time} />
        <LevelMark level={envelope.level} />
        <span>{categoryName(envelope.category)}</span>
      </div>
      <CertificateLink content={content} />
      {session !== null && (
        <ProofBadge
          index={index}
          session={session}
          result={result}
          failure={props.proofFailure}
          opened={props.proofOpen}
          onOpen={props.onProof}
        />
      )}
      <Tabs
        label="Record"
        tabs={TABS.map((id) => ({ id, title: tabTitle(id, record.related.length) }))}
        tab={props.tab}
        onTab={props.onTab}
      >
        {props.tab === 'overview' && (
          <OverviewTab
            index={index}
            envelope={envelope}
            content={content}
            onFilter={props.onFilter}
          />
        )}
        {props.tab === 'change' && <ChangeTab content={content} />}
        {props.tab === 'related' && (
          <RelatedTab
            related={record.related}
            {...(props.onRecord === undefined ? {} : { onRecord: props.onRecord })}
          />
        )}
        {props.tab === 'raw' && <RawTab record={record} proof={proof} />}
      </Tabs>
      <EraseContent index={index} envelope={envelope} content={content} />
    </article>
  );
}

function tabTitle(tab: Tab, related: number): string {
  const name = TAB_NAMES[tab];
  return tab === 'related' && related > 0 ? `${name} (${related})` : name;
}

function RecordSkeleton() {
  return (
    <section aria-busy aria-label="Loading the record">
      <Skeleton height={16} width="92%" />
      <Skeleton height={16} width="54%" mt={10} />
      <Skeleton height={10} width="64%" mt={18} />
      <Skeleton height={54} radius={8} mt={20} />
      <Skeleton height={10} width="70%" mt={34} />
      {[64, 48, 72, 56, 60, 44].map((width) => (
        <Skeleton key={width} height={10} width={`${width}%`} mt={16} />
      ))}
    </section>
  );
}
