import {
  eventDefinition,
  EVENTS,
  type ByOutcome,
  type EventDefinition,
} from '@countersign/records';
import type { Command } from 'commander';
import { CliError } from '../errors.ts';
import { jsonOption } from '../options.ts';
import { createOutput, formatTable, type Output } from '../output.ts';

export function registerEvents(program: Command): void {
  program
    .command('events')
    .description('the event catalogue: what can be in the log')
    .argument('[name]', 'one event, whole')
    .addOption(jsonOption())
    .action(runEvents);
}

function runEvents(name: string | undefined, options: { readonly json?: boolean }): void {
  const output = createOutput(options);
  if (output.json) {
    for (const event of name === undefined ? EVENTS : [findEvent(name)]) output.printJson(event);
  } else if (name === undefined) {
    const rows = EVENTS.map((event) => [
      event.name,
      spell(event.category),
      spell(event.operation),
      spell(event.level),
      event.title,
    ]);
    for (const line of formatTable(
      ['EVENT', 'CATEGORY', 'OPERATION', 'LEVEL', 'TITLE'],
      rows,
      output.width,
    ))
      output.print(line);
  } else {
    for (const line of describe(output, findEvent(name))) output.print(line);
  }
}

function findEvent(name: string): EventDefinition {
  const event = eventDefinition(name);
  if (event === undefined) {
    throw new CliError(
      'usage',
      `NAME "${name}" is not in the catalogue; \`countersign events\` lists it`,
    );
  }
  return event;
}

function describe(output: Output, event: EventDefinition): string[] {
  const field = (name: string, value: string): string =>
    `  ${output.style('dim', name.padEnd(12))}${value}`;
  return [
    output.style('bold', `${event.name}: ${event.title}`),
    event.description,
    '',
    field('group', event.group),
    field('origin', event.origin),
    field('category', spell(event.category)),
    field('operation', spell(event.operation)),
    field('level', spell(event.level)),
    field('retention', event.retention),
    field('selectable', event.selectable ? 'yes' : 'no'),
    field('attributes', event.attributes.join(', ')),
    field('sentence', spell(event.sentence)),
  ];
}

function spell(value: ByOutcome<string>): string {
  return typeof value === 'string' ? value : `${value.Success} | ${value.Failure}`;
}
