import type { Content } from '@countersign/records';
import { toggleFilter } from './filters.ts';
import { sentenceParts, type SentencePart } from './sentence-parts.ts';
import css from './sentence.module.css';

interface Props {
  readonly sentence: string;
  readonly content: Content | null;
  /** Filters by the actor or target that was clicked. Without it the names are plain text. */
  readonly onFilter?: (field: string, value: string) => void;
}

/** What happened, in a sentence whose actor and target filter when clicked. */
export function Sentence({ sentence, content, onFilter }: Props) {
  return (
    <span className={css.sentence}>
      {sentenceParts(sentence, content).map((part) => {
        const condition = content === null ? null : conditionOf(part, content);
        if (condition === null || onFilter === undefined)
          return <span key={part.at}>{part.text}</span>;
        const { field, value } = condition;
        const query = toggleFilter('', field, value, 'include');
        return (
          <a
            key={part.at}
            className={css.link}
            href={`/portal/audit?q=${encodeURIComponent(query)}`}
            title={`Only records of ${part.text}`}
            onClick={(event) => {
              event.stopPropagation();
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              onFilter(field, value);
            }}
          >
            {part.text}
          </a>
        );
      })}
    </span>
  );
}

function conditionOf(
  part: SentencePart,
  { actor, target }: Content,
): { field: string; value: string } | null {
  if (part.link === 'actor') return { field: 'ActingUser', value: actor.id };
  if (part.link === 'target' && target !== undefined) {
    return { field: 'ImmutableIdentifier', value: target.id };
  }
  return null;
}
