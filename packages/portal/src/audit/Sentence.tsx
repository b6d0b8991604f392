import type { Content } from '@countersign/records';
import { sentenceParts } from './sentence-parts.ts';
import css from './sentence.module.css';

interface Props {
  readonly sentence: string;
  readonly content: Content | null;
  /** Filters by the actor or target that was clicked. Without it the names are plain text. */
  readonly onFilter?: (field: string, value: string) => void;
}

/** What happened, in a sentence whose actor and target filter when clicked. */
export function Sentence({ sentence, content, onFilter }: Props) {
  const click = (link: 'actor' | 'target') => {
    if (content === null || onFilter === undefined) return;
    if (link === 'actor') onFilter('ActingUser', content.actor.id);
    else if (content.target !== undefined) onFilter('ImmutableIdentifier', content.target.id);
  };
  return (
    <span className={css.sentence}>
      {sentenceParts(sentence, content).map((part, n) =>
        part.link === undefined || onFilter === undefined ? (
          <span key={n}>{part.text}</span>
        ) : (
          <button
            key={n}
            type="button"
            className={css.link}
            title={`Only records of ${part.text}`}
            onClick={(event) => {
              event.stopPropagation();
              if (part.link !== undefined) click(part.link);
            }}
          >
            {part.text}
          </button>
        ),
      )}
    </span>
  );
}
