import type { Content } from '@countersign/records';

/** A stretch of the sentence; `link` says which part of the record it names. */
export interface SentencePart {
  /** Where it starts in the sentence. */
  readonly at: number;
  readonly text: string;
  readonly link?: 'actor' | 'target';
}

/** Where the text names it: in quotes, as sentences do, else anywhere. */
function placeOf(name: string, text: string): number {
  const quoted = text.indexOf(`'${name}'`);
  return quoted < 0 ? text.indexOf(name) : quoted + 1;
}

function split(parts: SentencePart[], name: string, link: 'actor' | 'target'): SentencePart[] {
  if (name === '') return parts;
  let done = false;
  return parts.flatMap((part) => {
    const at = done || part.link !== undefined ? -1 : placeOf(name, part.text);
    if (at < 0) return [part];
    done = true;
    const pieces: SentencePart[] = [
      { at: part.at, text: part.text.slice(0, at) },
      { at: part.at + at, text: name, link },
      { at: part.at + at + name.length, text: part.text.slice(at + name.length) },
    ];
    return pieces.filter(({ text }) => text !== '');
  });
}

/** Cuts a sentence where it names the actor and the target, so that both can be links. */
export function sentenceParts(sentence: string, content: Content | null): SentencePart[] {
  const whole: SentencePart[] = [{ at: 0, text: sentence }];
  if (content === null) return whole;
  // Sentences name people by what identifies them; a display name may be the name of a role besides.
  const actors = [content.actor.id, content.actor.name].filter((name) => name !== undefined);
  const targets = [content.target?.name, content.target?.id].filter((name) => name !== undefined);
  const named = (names: string[]) => names.find((name) => name !== '' && sentence.includes(name));
  // The longer name is cut out first: a target may contain the name of the actor.
  const found = [
    { link: 'actor' as const, name: named(actors) },
    { link: 'target' as const, name: named(targets) },
  ].filter((entry) => entry.name !== undefined);
  const actorFirst = found.toSorted((a, b) => (b.name?.length ?? 0) - (a.name?.length ?? 0));
  return actorFirst.reduce((parts, { link, name }) => split(parts, name ?? '', link), whole);
}
