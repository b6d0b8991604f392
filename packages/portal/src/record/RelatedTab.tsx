import { Link } from '@tanstack/react-router';
import type { RelatedRecord } from '../api/types.ts';
import { LevelMark, TimeText } from '../components/Values.tsx';
import css from './record.module.css';

const SHARED: Record<string, string> = {
  target: 'Same object',
  object: 'Names the same object',
  correlation: 'Same undertaking',
  session: 'Same session',
};

function sharedText(relations: readonly string[]): string {
  return relations.map((relation) => SHARED[relation] ?? relation).join(', ');
}

interface Props {
  readonly related: readonly RelatedRecord[];
  /** Opens a record where this one is; without it the link leads to its page. */
  readonly onRecord?: (index: number) => void;
}

/** Records about the same object, of the same undertaking, or of the same session. */
export function RelatedTab({ related, onRecord }: Props) {
  if (related.length === 0) {
    return (
      <p className={css.note}>
        No other record shares an object, an undertaking or a session with this one.
      </p>
    );
  }
  return (
    <ul className={css.related}>
      {related.map(({ index, relations, sentence, envelope }) => (
        <li key={index}>
          <Link
            to="/audit/$index"
            params={{ index: String(index) }}
            onClick={(event) => {
              if (onRecord === undefined || event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              onRecord(index);
            }}
          >
            {sentence}
            <div>
              <span>{sharedText(relations)}</span>
              <span>Record {index}</span>
              <LevelMark level={envelope.level} />
              <TimeText iso={envelope.time} />
            </div>
          </Link>
        </li>
      ))}
    </ul>
  );
}
