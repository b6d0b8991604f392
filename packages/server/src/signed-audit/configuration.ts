import { SIGNING_EVENT, type Attribute, type JsonObject } from '@countersign/records';
import type { Session } from '../accounts/sessions.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { describeRequest, ownSource, sessionActor, type RequestFacts } from '../recording/facts.ts';
import {
  changeChoices,
  eventStatuses,
  readChoices,
  writeChoices,
  type Choices,
  type EventChange,
} from '../recording/selection.ts';
import { VERSION } from '../version.ts';
import { readFileSettings, writeFileSettings, type FileSettings } from './settings.ts';

/** What is recorded of our own events, and how signed audit files are written. */
export interface AuditConfiguration {
  readonly choices: Choices;
  readonly files: FileSettings;
}

/** What is to be other than it is. */
export interface AuditChange {
  readonly events?: Readonly<Record<string, EventChange>>;
  readonly files?: { readonly [K in keyof FileSettings]?: FileSettings[K] | undefined };
}

/** Who asks for a change. */
export interface Asking {
  readonly session: Session;
  readonly facts: RequestFacts;
}

const source = ownSource('server', VERSION);

/** The configuration as the database has it. */
export async function readConfiguration(db: StateReader): Promise<AuditConfiguration> {
  return { choices: await readChoices(db), files: await readFileSettings(db) };
}

/**
 * Changes the configuration; it holds from the moment it is committed, with its record. What changes nothing leaves no
 * record beside that of the check. `place` names the field of an event's change.
 *
 * @throws ServerError `request_invalid`, `filter_syntax`; `event_mandatory`, which is recorded
 */
export async function changeConfiguration(
  platform: Platform,
  asking: Asking,
  change: AuditChange,
  place: Parameters<typeof changeChoices>[2],
): Promise<AuditConfiguration> {
  const { recorder, selection, signedAudit, clock } = platform;
  try {
    const { result } = await recorder.audited(async (tx) => {
      const before = await readConfiguration(tx.db);
      const after: AuditConfiguration = {
        choices: changeChoices(before.choices, change.events ?? {}, place),
        files: { ...before.files, ...given(change.files ?? {}) },
      };
      const [old, now] = [modelOf(before), modelOf(after)];
      if (JSON.stringify(old) === JSON.stringify(now)) return before;
      const by = { username: asking.session.user.username, at: clock() };
      await writeChoices(tx.db, before.choices, after.choices, by);
      await writeFileSettings(tx.db, after.files);
      tx.record({
        ...changed(asking, 'Success', parametersOf(after), {
          before: old,
          after: now,
          reason: describeDifference(before, after),
        }),
      });
      tx.committed(() => {
        selection.use(after.choices);
        signedAudit.configure(after.files);
      });
      return after;
    });
    return result;
  } catch (error) {
    if (error instanceof ServerError && error.code === 'event_mandatory')
      await recordRefusal(platform, asking, 'modify', error.message);
    throw error;
  }
}

/** Records an attempt to switch off what cannot be switched off: CONFIG_SIGNED_AUDIT Failure. */
export async function recordRefusal(
  platform: Platform,
  asking: Asking,
  action: string,
  reason: string,
): Promise<void> {
  const parameters = formatParameters([
    ['Action', action],
    ['Info', reason],
  ]);
  await platform.recorder.record(changed(asking, 'Failure', parameters, { reason }));
}

function changed(
  { session, facts }: Asking,
  outcome: 'Success' | 'Failure',
  parameters: string,
  more: { readonly before?: JsonObject; readonly after?: JsonObject; readonly reason?: string },
): OwnDraft {
  const actor = sessionActor(session);
  const attributes: Attribute[] = [
    ['SubjectID', facts.subjectId ?? actor.id],
    ['Outcome', outcome],
    ['ParamNameValPairs', parameters],
  ];
  return {
    event: 'CONFIG_SIGNED_AUDIT',
    outcome,
    content: {
      actor,
      source,
      ...describeRequest(facts),
      target: { type: 'audit configuration', id: 'SignedAudit' },
      ...more,
      attributes,
    },
  };
}

/** The whole of it as a record shows it: the events that are chosen, and their filters. */
function modelOf({ choices, files }: AuditConfiguration): JsonObject {
  const statuses = eventStatuses(choices);
  return {
    events: statuses.filter(({ status }) => status === 'enabled').map(({ event }) => event),
    filters: Object.fromEntries(
      statuses.flatMap(({ event, filter }) => (filter === null ? [] : [[event, filter]])),
    ),
    files: { ...files },
  };
}

/** What is other than before, in words: an auditor must not have to compare two lists to see what is kept from him. */
function describeDifference(before: AuditConfiguration, after: AuditConfiguration): string {
  const was = new Map(eventStatuses(before.choices).map((event) => [event.event, event]));
  const events = eventStatuses(after.choices).flatMap(({ event, status, filter }) => {
    const old = was.get(event);
    if (old === undefined || (old.status === status && old.filter === filter)) return [];
    if (status === 'disabled') return [`${event} not recorded any more`];
    return [filter === null ? `${event} recorded` : `${event} recorded only where ${filter}`];
  });
  const files = Object.entries(after.files).flatMap(([name, value]) => {
    const old: unknown = Reflect.get(before.files, name);
    return old === value ? [] : [`${name} ${value} instead of ${String(old)}`];
  });
  return [...events, ...files].join('; ');
}

/** ParamNameValPairs as Dogtag writes them, and behind them what Dogtag cannot change this way. */
function parametersOf({ choices, files }: AuditConfiguration): string {
  const statuses = eventStatuses(choices);
  const names = (status: string) =>
    statuses
      // Always there, and in a line of Dogtag's its name belongs to signatures.
      .filter((event) => event.status === status && event.event !== SIGNING_EVENT)
      .map(({ event }) => event)
      .sort()
      .join(',');
  return formatParameters([
    ['enable', 'Enabled'],
    ['logSigning', 'true'],
    ['flushInterval', String(files.flushInterval)],
    ['bufferSize', String(files.bufferSize)],
    ['events', names('enabled')],
    ['mandatory.events', names('mandatory')],
    ['maxFileSize', String(files.maxFileSize)],
    ['rolloverInterval', String(files.rolloverInterval)],
    ...statuses.flatMap(({ event, filter }): [string, string][] =>
      filter === null ? [] : [[`filters.${event}`, filter]],
    ),
  ]);
}

function formatParameters(pairs: readonly (readonly [name: string, value: string])[]): string {
  return pairs.map(([name, value]) => `${name};;${value}`).join('+');
}

/** The settings that are there. */
function given(files: NonNullable<AuditChange['files']>): Partial<FileSettings> {
  return Object.fromEntries(Object.entries(files).filter(([, value]) => value !== undefined));
}
