import {
  eventLayouts,
  formatLine,
  formatTimestamp,
  type Content,
  type Envelope,
} from '@countersign/records';

/** Dogtag's numbers for the signed audit log and for security messages. */
const SIGNED_AUDIT = '14';
const SECURITY = '6';

/** The record as a line of a Dogtag signed audit file; an imported one as it was. */
export function dogtagLine(envelope: Envelope, content: Content): string {
  if (content.original !== undefined) return content.original.text;
  const fields = (content.attributes ?? []).map(
    ([name, value]) => [name, value ?? '<null>'] as const,
  );
  const has = (name: string) => fields.some(([field]) => field === name);
  return formatLine({
    era: 'java',
    process: '0',
    thread: content.source.component ?? content.source.system,
    stamp: formatTimestamp(new Date(envelope.time)),
    source: SIGNED_AUDIT,
    level: SECURITY,
    literal: envelope.event,
    event: envelope.event,
    fields: [
      ...(has('SubjectID') ? [] : [['SubjectID', content.actor.id] as const]),
      ...(has('Outcome') ? [] : [['Outcome', envelope.outcome] as const]),
      ...fields,
    ],
    text: textOf(envelope),
  });
}

/** The text Dogtag writes behind the fields; our own events have none of its. */
function textOf({ event, outcome }: Envelope): string {
  const variants = eventLayouts(event)[0]?.variants ?? [];
  const wanted = outcome.toLowerCase();
  const variant =
    variants.find((v) => v.outcome === wanted) ?? variants.find((v) => v.outcome === 'any');
  return variant?.text ?? event.toLowerCase().replaceAll('_', ' ');
}
