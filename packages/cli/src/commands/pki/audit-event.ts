import { InvalidArgumentError, type Command } from 'commander';
import { CliError } from '../../errors.ts';
import type { AuditConfiguration, AuditEvent } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';
import type { PkiSession } from '../../pki/session.ts';

const CONFIGURATION = '/api/v1/audit/configuration';

const UPDATE_HELP = `
A filter is an LDAP filter (RFC 4515) over the attributes of the event; what it does not match is not recorded. Without
--filter the event's filter is removed. Changes take effect at once, and are recorded.

  countersign -n caadmin audit-event-update ACCESS_SESSION_ESTABLISH --filter '(&(Outcome=Failure)(ClientIP=192.0.2.*))'
  countersign -n caadmin audit-event-update ACCESS_SESSION_ESTABLISH`;

interface FindOptions {
  readonly enabled?: boolean;
}

/** The commands on which events are recorded; with the messages of Dogtag's, but nothing needs a restart. */
export function registerAuditEvents(program: Command): void {
  pkiCommand(program, 'audit-event-find', 'list the audit events: enabled, filtered')
    .option('--enabled <True|False>', 'those that are enabled, or are not', parseTruth)
    .action(
      signedIn<FindOptions>(async ({ session, output, options }) => {
        const { events } = await readConfiguration(session);
        const found = events.filter(
          (event) => options.enabled === undefined || isEnabled(event) === options.enabled,
        );
        if (output.json) output.printJson({ total: found.length, entries: found });
        else printEntries(output, found.map(fieldsOf));
      }),
    );
  pkiCommand(program, 'audit-event-show <event>', 'show an audit event').action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      const event = await readEvent(session, name);
      if (output.json) output.printJson(event);
      else
        printEntry(output.print, `Audit event "${name}"`, [...fieldsOf(event), ...moreOf(event)]);
    }),
  );
  pkiCommand(program, 'audit-event-enable <event>', 'record an event').action(
    signedIn<unknown, [name: string]>((run, name) => setEnabled(run, name, true)),
  );
  pkiCommand(program, 'audit-event-disable <event>', 'record an event no more').action(
    signedIn<unknown, [name: string]>((run, name) => setEnabled(run, name, false)),
  );
  pkiCommand(program, 'audit-event-update <event>', 'filter an event, or filter it no more')
    .option('-f, --filter <filter>', 'what is recorded; everything when left out')
    .addHelpText('after', UPDATE_HELP)
    .action(signedIn<{ filter?: string }, [name: string]>(setFilter));
}

async function setEnabled(
  { session, output }: PkiRun<unknown>,
  name: string,
  enabled: boolean,
): Promise<void> {
  const before = await readEvent(session, name);
  const same = isEnabled(before) === enabled;
  const after = same ? before : await change(session, name, { enabled });
  if (output.json) {
    output.printJson(after);
  } else if (enabled) {
    printMessage(
      output.print,
      same ? `Event "${name}" may be already enabled.` : `Event "${name}" enabled successfully.`,
    );
  } else {
    printMessage(
      output.print,
      same ? `Audit event "${name}" already disabled.` : `Audit event "${name}" disabled.`,
    );
  }
}

async function setFilter(
  { session, output, options }: PkiRun<{ filter?: string }>,
  name: string,
): Promise<void> {
  await readEvent(session, name);
  const event = await change(session, name, { filter: options.filter ?? null });
  if (output.json) output.printJson(event);
  else printEntry(output.print, `Updated audit event "${name}"`, fieldsOf(event));
}

async function change(
  session: PkiSession,
  name: string,
  wanted: { readonly enabled?: boolean; readonly filter?: string | null },
): Promise<AuditEvent> {
  const body = { events: { [name]: wanted } };
  return pick(await session.json<AuditConfiguration>('PATCH', CONFIGURATION, { body }), name);
}

/** The audit configuration in the server's own form. */
export function readConfiguration(session: PkiSession): Promise<AuditConfiguration> {
  return session.json<AuditConfiguration>('GET', CONFIGURATION);
}

async function readEvent(session: PkiSession, name: string): Promise<AuditEvent> {
  return pick(await readConfiguration(session), name);
}

function pick({ events }: AuditConfiguration, name: string): AuditEvent {
  const event = events.find((candidate) => candidate.event === name);
  if (event !== undefined) return event;
  throw new CliError('usage', `Invalid audit event: ${name}`);
}

function isEnabled({ status }: AuditEvent): boolean {
  return status !== 'disabled';
}

function fieldsOf(event: AuditEvent): Field[] {
  return [
    ['Event Name', event.event],
    ['Enabled', isEnabled(event) ? 'True' : 'False'],
    ['Mandatory', event.status === 'mandatory' ? 'True' : null],
    ['Filter', event.filter ?? 'None'],
  ];
}

function moreOf({ title, group }: AuditEvent): Field[] {
  return [
    ['Title', title],
    ['Group', group],
  ];
}

/** True or False, as Dogtag writes it; the case does not matter. */
function parseTruth(text: string): boolean {
  const value = { true: true, false: false, t: true, f: false }[text.toLowerCase()];
  if (value === undefined) throw new InvalidArgumentError('expected True or False');
  return value;
}
