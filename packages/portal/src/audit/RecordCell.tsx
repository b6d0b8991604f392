import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { LogRecord } from '../api/types.ts';
import { LevelMark, TimeText } from '../components/Values.tsx';
import { categoryName } from './category-name.ts';
import type { ColumnId } from './columns.ts';
import { actorText, originOf, originTitle, targetText, type NamedValue } from './record-texts.ts';
import type { SearchContext } from './search-params.ts';
import { FilterLink, Sentence } from './Sentence.tsx';
import css from './table.module.css';

export interface CellProps {
  readonly record: LogRecord;
  readonly seal: ReactNode;
  /** The search the row stands in, for the record's own page. */
  readonly context: SearchContext;
  readonly onOpen: () => void;
  readonly onFilter: (field: string, value: string) => void;
}

/** One field of one record. What has no room is cut, and stands whole in its tooltip and in the open record. */
export function RecordCell({ column, ...props }: CellProps & { readonly column: ColumnId }) {
  const { title, className, content } = cellOf(column, props);
  return (
    <td title={title} className={className}>
      {content}
    </td>
  );
}

interface Cell {
  readonly title?: string | undefined;
  readonly className?: string | undefined;
  readonly content: ReactNode;
}

function cellOf(column: ColumnId, props: CellProps): Cell {
  const { record, onFilter } = props;
  const { envelope, content, sentence } = record;
  switch (column) {
    case 'time':
      return { content: <TimeLink {...props} /> };
    case 'level':
      return { content: <LevelMark level={envelope.level} /> };
    case 'category':
      return plainCell(categoryName(envelope.category));
    case 'message':
      return {
        title: sentence,
        content: <Sentence sentence={sentence} content={content} onFilter={onFilter} />,
      };
    case 'actor':
      return namedCell(actorText(content), onFilter);
    case 'target':
      return namedCell(targetText(content), onFilter);
    case 'origin':
      return { title: originTitle(record), className: css.quiet, content: originOf(record) };
    case 'producer':
      return plainCell(envelope.producer);
    case 'event':
      return { ...plainCell(envelope.event), className: css.code };
    case 'seal':
      return { className: css.sealed, content: props.seal };
  }
}

function plainCell(text: string): Cell {
  return { title: text, content: text };
}

function namedCell(value: NamedValue | null, onFilter: CellProps['onFilter']): Cell {
  if (value === null) return { content: null };
  const { whole, field, id, text, known } = value;
  return {
    title: whole,
    content: (
      <FilterLink field={field} value={id} onFilter={onFilter}>
        <span className={known ? undefined : css.quiet}>{text}</span>
      </FilterLink>
    ),
  };
}

function TimeLink({ record, context, onOpen }: CellProps) {
  return (
    <Link
      to="/audit/$index"
      params={{ index: String(record.index) }}
      search={context}
      className={css.when}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      <span className="hidden-visually">Record {record.index}, </span>
      <TimeText iso={record.envelope.time} plain />
    </Link>
  );
}
