import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconArrowsMaximize, IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { SearchContext } from '../audit/search-params.ts';
import { RecordView, type RecordViewProps } from './RecordView.tsx';
import css from './record.module.css';

interface Props extends RecordViewProps {
  /** The search it was opened from. */
  readonly context: SearchContext;
  readonly onClose: () => void;
  readonly onStep: (by: 1 | -1) => void;
}

/** The open record beside the table, which stays in use: `j` and `k` move on, `Esc` closes. */
export function RecordDrawer({ context, onClose, onStep, ...view }: Props) {
  const drawer = useRef<HTMLElement>(null);
  useEffect(() => drawer.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      ref={drawer}
      className={css.drawer}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a native dialog would close the table off
      role="dialog"
      aria-label={`Record ${view.index}`}
      tabIndex={-1}
    >
      <div className={css.bar}>
        <b>Record {view.index}</b>
        <span />
        <Tooltip label="Previous (k)">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Previous record"
            onClick={() => onStep(-1)}
          >
            <IconChevronUp size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Next (j)">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Next record"
            onClick={() => onStep(1)}
          >
            <IconChevronDown size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Open as a page">
          <ActionIcon
            renderRoot={(root) => (
              <Link
                to="/audit/$index"
                params={{ index: String(view.index) }}
                search={context}
                {...root}
              />
            )}
            variant="subtle"
            color="gray"
            aria-label="Open as a page"
          >
            <IconArrowsMaximize size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close (Esc)">
          <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={onClose}>
            <IconX size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={css.scroll}>
        <RecordView key={view.index} {...view} />
      </div>
    </aside>
  );
}
