import type { Content } from '@countersign/records';
import type { ReactNode } from 'react';
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
        return (
          <FilterLink key={part.at} {...condition} onFilter={onFilter} named>
            {part.text}
          </FilterLink>
        );
      })}
    </span>
  );
}

interface LinkProps {
  readonly field: string;
  readonly value: string;
  readonly onFilter: (field: string, value: string) => void;
  /** In running text: shown as a link and titled, where a cell of a column says enough by itself. */
  readonly named?: boolean;
  readonly children: ReactNode;
}

/** A value that filters by itself when clicked; its address is the search for it alone. */
export function FilterLink({ field, value, onFilter, named = false, children }: LinkProps) {
  const query = toggleFilter('', field, value, 'include');
  return (
    <a
      className={named ? css.link : css.cell}
      href={`/portal/audit?q=${encodeURIComponent(query)}`}
      title={named ? `Only records of ${value}` : undefined}
      onClick={(event) => {
        event.stopPropagation();
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onFilter(field, value);
      }}
    >
      {children}
    </a>
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
