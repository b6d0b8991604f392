import type { ByOutcome, EventDefinition } from '@countersign/records';

/** The values an event can have for its outcomes, each once: "Information", or "Information, Failure". */
export function eachOutcome(value: ByOutcome<string>): string[] {
  return typeof value === 'string' ? [value] : [...new Set([value.Success, value.Failure])];
}

export interface EventGroup {
  readonly name: string;
  readonly events: readonly EventDefinition[];
}

function haystack(event: EventDefinition): string {
  return [
    event.name,
    event.title,
    event.description,
    event.group,
    ...eachOutcome(event.category),
    ...eachOutcome(event.operation),
    ...eachOutcome(event.level),
    ...event.attributes,
  ]
    .join(' ')
    .toLowerCase();
}

/** The events whose words include all of `search`, by group, in the catalogue's order. */
export function groupEvents(events: readonly EventDefinition[], search: string): EventGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = events.filter((event) => {
    const text = haystack(event);
    return words.every((word) => text.includes(word));
  });
  const names = [...new Set(found.map(({ group }) => group))];
  return names.map((name) => ({ name, events: found.filter(({ group }) => group === name) }));
}
