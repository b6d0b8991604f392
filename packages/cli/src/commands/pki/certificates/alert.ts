import { Argument, type Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { readInput } from '../../../files.ts';
import { repeated, parsePath, wholeNumber } from '../../../options.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import {
  formatSchedule,
  parseSchedule,
  SCHEDULE_HELP,
  type Schedule,
} from '../../../pki/certificates/schedule.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import type { PkiSession } from '../../../pki/session.ts';
import { collectionId } from './collection.ts';

const KINDS = ['expiration', 'pending', 'issued', 'denied'] as const;
type Kind = (typeof KINDS)[number];

const HELP = `
Subject and message hold placeholders: {cn} {dn} {serial} {notAfter} {requester} {template} …

  countersign -n caadmin alert-add expiration 'Web servers, 30 days' --days-before 30 --collection 'Web servers' \\
      --subject '{cn} expires on {notAfter}' --message-file expiring.txt --recipient web@example.com
  countersign -n caadmin alert-add issued Chat --subject '{cn}' --message '{cn} for {requester}' --webhook https://chat.example.com/hook
  countersign -n caadmin alert-schedule expiration 'daily 07:00'`;

interface Alert {
  readonly id: number;
  readonly displayName: string;
  readonly subject: string;
  readonly message: string;
  readonly recipients: readonly string[];
  readonly webhook: string | null;
  readonly enabled: boolean;
  readonly daysBefore?: number | null;
  readonly query?: string | null;
  readonly collection?: number | null;
  readonly template?: string | null;
}

/** What an alert would say of the newest that it could be about. */
interface Preview {
  readonly subject: string;
  readonly message: string;
  readonly recipients: readonly string[];
  readonly unresolved: readonly string[];
  /** Null: nothing was sent. */
  readonly sentTo: string | null;
}

interface ChangeOptions {
  readonly name?: string;
  readonly subject?: string;
  readonly message?: string;
  readonly messageFile?: string;
  readonly recipient?: readonly string[];
  readonly webhook?: string;
  readonly daysBefore?: number;
  readonly query?: string;
  readonly collection?: string;
  readonly profile?: string;
  readonly enable?: true;
  readonly disable?: true;
}

const alertNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** The commands on alerts: messages about certificates that expire, and about requests. */
export function registerAlerts(program: Command): void {
  ofKind(program, 'alert-find', 'list the alerts of a kind').action(
    signedIn<unknown, [kind: Kind]>(async ({ session, output }, kind) => {
      const { alerts } = await session.json<{ alerts: Alert[] }>('GET', pathOf(kind));
      showAll(output, alerts, fieldsOf);
    }),
  );

  withChanges(ofKind(program, 'alert-add', 'add an alert').argument('<name>', 'what it is called'))
    .addHelpText('after', HELP)
    .action(
      signedIn<ChangeOptions, [kind: Kind, name: string]>(
        async ({ session, output, options }, kind, displayName) => {
          const body = { ...(await changeOf(session, options)), displayName };
          const alert = await session.json<Alert>('POST', pathOf(kind), { body });
          showOne(output, `Added ${kind} alert "${displayName}"`, alert, fieldsOf);
        },
        checkChange,
      ),
    );

  withChanges(one(program, 'alert-mod', 'change an alert'))
    .option('--name <name>', 'give it another name')
    .action(
      signedIn<ChangeOptions, [kind: Kind, alert: number]>(
        async ({ session, output, options }, kind, id) => {
          const body = await changeOf(session, options);
          if (Object.keys(body).length === 0)
            throw new CliError('usage', 'expected something to change, got no option');
          const alert = await session.json<Alert>('PATCH', pathOf(kind, id), { body });
          showOne(output, `Modified ${kind} alert ${id}`, alert, fieldsOf);
        },
        checkChange,
      ),
    );

  one(program, 'alert-del', 'delete an alert').action(
    signedIn<unknown, [kind: Kind, alert: number]>(async ({ session, output }, kind, id) => {
      await session.send('DELETE', pathOf(kind, id));
      if (output.json) output.printJson({ deleted: id });
      else printMessage(output.print, `Deleted ${kind} alert ${id}`);
    }),
  );

  one(program, 'alert-test', 'show what an alert would say now')
    .option('--send', 'send it to your own address')
    .action(signedIn<{ send?: true }, [kind: Kind, alert: number]>(testAlert));

  pkiCommand(program, 'alert-schedule', 'show or set when the alerts of a kind go out')
    .addArgument(
      new Argument('<kind>', 'those that do not go out at once').choices([
        'expiration',
        'pending',
        'issued',
      ]),
    )
    .argument('[schedule]', 'when', parseSchedule)
    .addHelpText('after', SCHEDULE_HELP)
    .action(
      signedIn<unknown, [kind: Kind, schedule?: Schedule]>(
        async ({ session, output }, kind, wanted) => {
          const path = `${pathOf(kind)}/schedule`;
          const { schedule } =
            wanted === undefined
              ? await session.json<{ schedule: Schedule }>('GET', path)
              : await session.json<{ schedule: Schedule }>('PUT', path, {
                  body: { schedule: wanted },
                });
          if (output.json) output.printJson({ kind, schedule });
          else printMessage(output.print, `${kind} alerts: ${formatSchedule(schedule)}`);
        },
      ),
    );
}

function ofKind(program: Command, name: string, description: string): Command {
  return pkiCommand(program, name, description).addArgument(
    new Argument('<kind>', 'what they are about').choices(KINDS),
  );
}

function one(program: Command, name: string, description: string): Command {
  return ofKind(program, name, description).argument('<alert>', 'its number', alertNumber);
}

function withChanges(command: Command): Command {
  return command
    .option('--subject <text>', 'of the message')
    .option('--message <text>', 'the message')
    .option('--message-file <file>', 'file with the message', parsePath)
    .option('--recipient <address>', 'who gets it; all of them, to be repeated', repeated)
    .option('--webhook <url>', "address that gets it as JSON; '' for none")
    .option('--days-before <n>', 'expiration: so many days before', wholeNumber(0, 3_650))
    .option('--query <query>', 'expiration: of which certificates')
    .option('--collection <collection>', 'expiration: of which collection')
    .option('--profile <profile>', "the others: by which profile; '' for any")
    .option('--enable', 'send it')
    .option('--disable', 'keep it, and do not send it');
}

function checkChange({
  message,
  messageFile,
  query,
  collection,
  enable,
  disable,
}: ChangeOptions): void {
  if (message !== undefined && messageFile !== undefined)
    throw new CliError('usage', '--message and --message-file exclude each other');
  if (query !== undefined && collection !== undefined)
    throw new CliError('usage', '--query and --collection exclude each other');
  if (enable && disable) throw new CliError('usage', '--enable and --disable exclude each other');
}

async function changeOf(
  session: PkiSession,
  options: ChangeOptions,
): Promise<Record<string, unknown>> {
  const { name, subject, messageFile, recipient, webhook, daysBefore, query, profile } = options;
  const message =
    messageFile === undefined
      ? options.message
      : Buffer.from(await readInput('--message-file', messageFile)).toString('utf8');
  const collection =
    options.collection === undefined ? undefined : await collectionId(session, options.collection);
  return {
    ...(name !== undefined && { displayName: name }),
    ...(subject !== undefined && { subject }),
    ...(message !== undefined && { message }),
    ...(recipient !== undefined && { recipients: recipient }),
    ...(webhook !== undefined && { webhook: webhook === '' ? null : webhook }),
    ...(daysBefore !== undefined && { daysBefore }),
    ...(query !== undefined && { query, collection: null }),
    ...(collection !== undefined && { collection, query: null }),
    ...(profile !== undefined && { template: profile === '' ? null : profile }),
    ...(options.enable && { enabled: true }),
    ...(options.disable && { enabled: false }),
  };
}

async function testAlert(
  { session, output, options }: PkiRun<{ send?: true }>,
  kind: Kind,
  id: number,
): Promise<void> {
  const preview = await session.json<Preview>('POST', `${pathOf(kind, id)}/test`, {
    body: { send: options.send === true },
  });
  const sent = preview.sentTo === null ? '' : `, sent to ${preview.sentTo}`;
  showOne(output, `Test of ${kind} alert ${id}${sent}`, preview, previewFields);
}

function pathOf(kind: Kind, id?: number): string {
  return `/api/v1/alerts/${kind}${id === undefined ? '' : `/${id}`}`;
}

function fieldsOf(alert: Alert): Field[] {
  return [
    ['Alert ID', alert.id],
    ['Name', alert.displayName],
    ['Enabled', alert.enabled],
    ['Days Before', alert.daysBefore],
    ['Query', alert.query],
    ['Collection', alert.collection],
    ['Profile', alert.template],
    ['Subject', alert.subject],
    ['Message', alert.message.trimEnd().split('\n')],
    ['Recipients', alert.recipients],
    ['Webhook', alert.webhook],
  ];
}

function previewFields(preview: Preview): Field[] {
  return [
    ['Subject', preview.subject],
    ['Message', preview.message.trimEnd().split('\n')],
    ['Recipients', preview.recipients],
    ['No Address', preview.unresolved],
  ];
}
