import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import {
  IconArrowLeft,
  IconChevronDown,
  IconChevronUp,
  IconLink,
  IconPrinter,
} from '@tabler/icons-react';
import { toggleFilter } from '../audit/filters.ts';
import { parseContext, parseIndex, searchOf, type SearchContext } from '../audit/search-params.ts';
import { EmptyState } from '../components/States.tsx';
import { useCopy } from '../lib/clipboard.ts';
import { useKeys } from '../lib/keys.ts';
import { useTitle } from '../lib/title.ts';
import { RecordView } from './RecordView.tsx';
import css from './record.module.css';
import { useStep, type StepState } from './use-step.ts';

/** One record on a page of its own: what a link to it opens, and what is printed. */
export function RecordPage() {
  const params = useParams({ from: '/shell/audit/$index' });
  const search = useSearch({ from: '/shell/audit/$index' });
  const navigate = useNavigate({ from: '/audit/$index' });
  const index = parseIndex(params.index);
  useTitle(`Record ${params.index}`);
  const context = parseContext(search);
  const { state, step } = useStep(index, context, (to) => {
    void navigate({
      to: '/audit/$index',
      params: { index: String(to) },
      search: (previous) => previous,
    });
  });
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Escape: () =>
      void navigate({ to: '/audit', search: context === null ? {} : searchOf(context) }),
  });
  if (index === undefined) {
    return (
      <EmptyState title="That is no record number">
        A record is named by its place in the log, a whole number from 0; got{' '}
        <code>{params.index}</code>.
      </EmptyState>
    );
  }
  const change = (patch: { tab?: typeof search.tab | 'overview'; proof?: boolean }) =>
    void navigate({
      to: '/audit/$index',
      params: { index: params.index },
      replace: true,
      search: () => {
        const tab = patch.tab ?? search.tab;
        const proof = patch.proof ?? search.proof === 'open';
        return {
          ...context,
          ...(tab === undefined || tab === 'overview' ? {} : { tab }),
          ...(proof ? { proof: 'open' as const } : {}),
        };
      },
    });
  return (
    <div className={css.page}>
      <PageBar context={context} state={state} onStep={step} />
      <RecordView
        key={index}
        index={index}
        tab={search.tab ?? 'overview'}
        proofOpen={search.proof === 'open'}
        onTab={(tab) => change({ tab })}
        onProof={(proof) => change({ proof })}
        onFilter={(field, value) =>
          void navigate({
            to: '/audit',
            search: { q: toggleFilter('', field, value, 'include') },
          })
        }
      />
    </div>
  );
}

interface BarProps {
  readonly context: SearchContext | null;
  readonly state: StepState;
  readonly onStep: (by: 1 | -1) => void;
}

const SAID: Record<StepState, string> = {
  idle: '',
  looking: '',
  end: 'No further record.',
  failed: 'The next record could not be found. Try again.',
};

/** Leads back, and on to the next record of the search it was come to from. */
function PageBar({ context, state, onStep }: BarProps) {
  const { copied, copy } = useCopy();
  const place = context === null ? 'in the log' : 'in the search';
  return (
    <div className={`${css.pagebar} no-print`}>
      <Button
        renderRoot={(root) => (
          <Link to="/audit" search={context === null ? {} : searchOf(context)} {...root} />
        )}
        size="xs"
        variant="default"
        leftSection={<IconArrowLeft size={15} stroke={1.7} />}
      >
        {context === null ? 'Log' : 'Back to the search'}
      </Button>
      <span className={css.whence} title={context?.q}>
        {context?.q === undefined ? null : <code>{context.q}</code>}
      </span>
      <output className={css.said}>{SAID[state]}</output>
      <Tooltip label={`Previous ${place} (k)`}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={`Previous record ${place}`}
          loading={state === 'looking'}
          onClick={() => onStep(-1)}
        >
          <IconChevronUp size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={`Next ${place} (j)`}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={`Next record ${place}`}
          loading={state === 'looking'}
          onClick={() => onStep(1)}
        >
          <IconChevronDown size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={copied ? 'Copied' : 'Copy link'}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Copy a link to this record"
          onClick={() => copy(window.location.href)}
        >
          <IconLink size={16} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Print with its proof">
        <ActionIcon variant="default" size={30} aria-label="Print" onClick={() => window.print()}>
          <IconPrinter size={16} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
