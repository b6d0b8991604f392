import type { Content, Envelope } from './record.ts';

/** The sentence shown to people for a record; `content` is null when it has been erased. */
export function sentence(envelope: Envelope, content: Content | null): string {
  if (content === null) return `The content of this ${envelope.event} record has been erased`;
  return `The user '${content.actor.name ?? content.actor.id}' ${envelope.operation} ${envelope.category}`;
}
