import type { Content, Envelope } from '@countersign/records';
import { IconFilter } from '@tabler/icons-react';
import { Copyable, LevelMark, TimeText } from '../components/Values.tsx';
import { categoryName } from '../audit/category-name.ts';
import { overviewOf, type OverviewRow } from './overview.ts';
import css from './record.module.css';

interface Props {
  readonly index: number;
  readonly envelope: Envelope;
  readonly content: Content | null;
  readonly onFilter: (field: string, value: string) => void;
}

/** All fields; each can be copied, and those the query knows can be searched for. */
export function OverviewTab({ index, envelope, content, onFilter }: Props) {
  return (
    <>
      {content === null && (
        <p className={css.note}>
          The content was erased. What follows is the envelope, which stays in the log for ever.
        </p>
      )}
      {overviewOf(index, envelope, content).map(({ title, rows }) => (
        <section key={title} className={css.section}>
          <h3>{title}</h3>
          <dl className={css.fields}>
            {rows.map((row, n) => (
              <Field
                // oxlint-disable-next-line react/no-array-index-key -- they repeat and never move: their place is their identity
                key={n}
                row={row}
                onFilter={onFilter}
              />
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

function Field({
  row,
  onFilter,
}: {
  readonly row: OverviewRow;
  readonly onFilter: Props['onFilter'];
}) {
  const { label, value, kind, field } = row;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <FieldValue row={row} />
        {field !== undefined && kind !== 'time' && (
          <button
            type="button"
            className={css.find}
            aria-label={`Only records with ${label} ${value}`}
            title="Only records like this"
            onClick={() => onFilter(field, value)}
          >
            <IconFilter size={13} stroke={1.9} aria-hidden />
          </button>
        )}
      </dd>
    </>
  );
}

function FieldValue({ row }: { readonly row: OverviewRow }) {
  switch (row.kind) {
    case 'time':
      return <TimeText iso={row.value} />;
    case 'level':
      return <LevelMark level={row.value} />;
    case 'hash':
      return <Copyable label={row.label} value={row.value} grouped />;
    case 'code':
      return <Copyable label={row.label} value={row.value} />;
    case 'text':
      return <span>{row.field === 'Category' ? categoryName(row.value) : row.value}</span>;
  }
}
