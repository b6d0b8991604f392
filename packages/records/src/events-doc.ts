/**
 * `docs/events.md`, made from the catalogue: a test keeps the file equal to what this returns, and
 * says how to write it anew.
 */
import {
  byOutcome,
  CATEGORIES,
  EVENT_GROUPS,
  EVENTS,
  LEVELS,
  OPERATIONS,
} from './catalogue/index.ts';
import { categoryByName, operationByName } from './catalogue/index.ts';
import type { ByOutcome, EventDefinition } from './catalogue/index.ts';
import { OUTCOMES } from './record.ts';
import { splitAtCapitals } from './sentence.ts';

/** The document, whole. */
export function renderEventsDoc(): string {
  return [
    INTRODUCTION,
    ...EVENT_GROUPS.map((group) =>
      section(
        group,
        EVENTS.filter((event) => event.group === group),
      ),
    ),
    codes(),
  ].join('\n');
}

const INTRODUCTION = `# Events

Every record is one of these events, or one that its producer has named itself. This page is made from
the event catalogue (\`packages/records/src/catalogue\`).

- **Attributes** stand in a record in this order; \`?\` marks one that only some records have.
  \`SubjectID\` and \`Outcome\` repeat the actor and the outcome in records that come from Dogtag.
- **Category, operation, level** have the codes at the end of this page. Where success and failure
  differ, both are given, success first.
- **Kept** says how long: *extended* is until every certificate the record touches has expired and the
  retention period after that has passed.
- **Always** marks what is recorded whatever has been selected.
`;

function section(group: string, events: readonly EventDefinition[]): string {
  const lines = [
    `## ${group}`,
    '',
    '| Event | Attributes | Category | Operation | Level | Kept | Always |',
    '|---|---|---|---|---|---|---|',
    ...events.map(row),
    '',
  ];
  for (const event of events) {
    lines.push(`**\`${event.name}\`** (${event.title}). ${event.description}`);
    for (const example of event.examples) lines.push(`- *${cell(example.sentence)}*`);
    lines.push('');
  }
  return lines.join('\n');
}

function row(event: EventDefinition): string {
  const cells = [
    `\`${event.name}\``,
    attributes(event),
    eachOutcome(event.category, (name) => `${categoryByName(name)?.code ?? ''} ${name}`),
    operations(event),
    eachOutcome(event.level, (name) => name),
    event.retention,
    event.selectable ? '' : 'yes',
  ];
  return `| ${cells.join(' | ')} |`;
}

function attributes({ attributes, variants }: EventDefinition): string {
  return attributes
    .map((name) => {
      const everywhere = variants.every(
        (v) => v.attributes.includes(name) && v.optional?.includes(name) !== true,
      );
      return everywhere ? name : `${name}?`;
    })
    .join(', ');
}

function operations({ operation, operationBy }: EventDefinition): string {
  const named = (name: string): string => `${operationByName(name)?.code ?? ''} ${name}`;
  const special = Object.entries(operationBy?.values ?? {}).map(
    ([value, name]) => `${named(name)} with ${operationBy?.attribute ?? ''} \`${value}\``,
  );
  return [eachOutcome(operation, named), ...special].join('; ');
}

function eachOutcome<T extends string>(value: ByOutcome<T>, show: (name: T) => string): string {
  const [success, failure] = OUTCOMES.map((outcome) => show(byOutcome(value, outcome)));
  return success === failure ? (success ?? '') : `${success ?? ''} / ${failure ?? ''}`;
}

/** Text fit for a table or a list: the characters Markdown takes as its own are escaped. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_|<>[\]]/g, String.raw`\$&`);
}

function codes(): string {
  return [
    '## Codes',
    '',
    'Levels, operations to 25 and categories to 2041 are those of Keyfactor Command; categories marked',
    '† have no published code, and the number is ours.',
    '',
    '| Level | | Meaning |',
    '|---|---|---|',
    ...LEVELS.map((l) => `| ${l.code} | ${l.name} | ${l.meaning} |`),
    '',
    '| Operation | |',
    '|---|---|',
    ...OPERATIONS.map((o) => `| ${o.code} | ${o.name} |`),
    '',
    '| Category | | Shown as | In sentences |',
    '|---|---|---|---|',
    ...CATEGORIES.map(
      (c) =>
        `| ${c.code}${c.documented ? '' : '†'} | ${c.name} | ${c.display} | ${splitAtCapitals(c.name)} |`,
    ),
    '',
  ].join('\n');
}
