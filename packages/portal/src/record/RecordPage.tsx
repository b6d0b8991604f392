import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import {
  IconArrowLeft,
  IconChevronLeft,
  IconChevronRight,
  IconLink,
  IconPrinter,
} from '@tabler/icons-react';
import { toggleFilter } from '../audit/filters.ts';
import { parseIndex } from '../audit/search-params.ts';
import { EmptyState } from '../components/States.tsx';
import { useCopy } from '../lib/clipboard.ts';
import { useKeys } from '../lib/keys.ts';
import { useTitle } from '../lib/title.ts';
import { RecordView } from './RecordView.tsx';
import css from './record.module.css';

/** One record on a page of its own: what a link to it opens, and what is printed. */
export function RecordPage() {
  const params = useParams({ from: '/shell/audit/$index' });
  const search = useSearch({ from: '/shell/audit/$index' });
  const navigate = useNavigate();
  const index = parseIndex(params.index);
  useTitle(`Record ${params.index}`);
  const go = (to: number) => void navigate({ to: '/audit/$index', params: { index: String(to) } });
  useKeys({
    j: () => index !== undefined && index > 0 && go(index - 1),
    k: () => index !== undefined && go(index + 1),
    Escape: () => void navigate({ to: '/audit' }),
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
          ...(tab === undefined || tab === 'overview' ? {} : { tab }),
          ...(proof ? { proof: 'open' as const } : {}),
        };
      },
    });
  return (
    <div className={css.page}>
      <PageBar index={index} onGo={go} />
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

function PageBar({ index, onGo }: { readonly index: number; readonly onGo: (to: number) => void }) {
  const { copied, copy } = useCopy();
  return (
    <div className={`${css.pagebar} no-print`}>
      <Button
        component={Link}
        to="/audit"
        size="xs"
        variant="default"
        leftSection={<IconArrowLeft size={15} stroke={1.7} />}
      >
        Log
      </Button>
      <span />
      <Tooltip label="Older (j)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Older record"
          disabled={index === 0}
          onClick={() => onGo(index - 1)}
        >
          <IconChevronLeft size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Newer (k)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Newer record"
          onClick={() => onGo(index + 1)}
        >
          <IconChevronRight size={17} stroke={1.7} />
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
