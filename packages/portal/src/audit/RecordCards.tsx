import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { LogRecord } from '../api/types.ts';
import { LevelMark, Seal, TimeText } from '../components/Values.tsx';
import { useSeals } from '../record/seals.ts';
import { categoryName } from './category-name.ts';
import { originOf } from './record-texts.ts';
import type { SearchContext } from './search-params.ts';
import { sealState } from './seal-state.ts';
import css from './table.module.css';

interface Props {
  readonly records: readonly LogRecord[];
  readonly context: SearchContext;
  readonly treeSize: number | undefined;
  readonly more: 'none' | 'idle' | 'loading' | 'failed';
  readonly onMore: () => void;
}

/** The records on a narrow screen: a card each, the whole of it a link to the record's page. */
export function RecordCards({ records, context, treeSize, more, onMore }: Props) {
  const seals = useSeals();
  return (
    <>
      <ul className={css.cards} aria-label="Records">
        {records.map((record) => (
          <li key={record.index}>
            <Link
              to="/audit/$index"
              params={{ index: String(record.index) }}
              search={context}
              className={css.card}
            >
              <div className={css.line}>
                <LevelMark level={record.envelope.level} />
                <span>{categoryName(record.envelope.category)}</span>
                <span className={css.last}>
                  <Seal state={sealState(record, seals, treeSize)} />
                </span>
              </div>
              <p>{record.sentence}</p>
              <div className={css.line}>
                <TimeText iso={record.envelope.time} />
                <span className={`${css.last} quiet`}>{originOf(record)}</span>
              </div>
            </Link>
          </li>
        ))}
      </ul>
      <div className={css.end}>
        {more === 'none' ? (
          'That is all.'
        ) : (
          <Button variant="default" fullWidth loading={more === 'loading'} onClick={onMore}>
            {more === 'failed' ? 'Try again' : 'More records'}
          </Button>
        )}
      </div>
    </>
  );
}

/** Cards to come, of the same shape. */
export function CardSkeletons() {
  return (
    <section aria-busy aria-label="Loading records" className={css.cards}>
      {Array.from({ length: 5 }, (_, n) => (
        <div key={n} className={css.card}>
          <Skeleton height={10} width="48%" mt={4} />
          <Skeleton height={12} width={`${72 + ((n * 11) % 24)}%`} mt={14} />
          <Skeleton height={10} width="56%" mt={14} />
        </div>
      ))}
    </section>
  );
}
