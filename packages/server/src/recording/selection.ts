import {
  EVENTS,
  eventDefinition,
  FilterError,
  findSecret,
  formatFilter,
  matchesFilter,
  parseEventFilter,
  type Filter,
  type FilteredRecord,
} from '@countersign/records';
import type { StateReader, StateTransaction } from '../database/schema.ts';
import { faultyField, ServerError } from '../errors.ts';
import type { Logger } from '../logger.ts';

/** What is said of one event. */
export interface EventChoice {
  readonly enabled: boolean;
  /** Canonical text; null: all its records. */
  readonly filter: string | null;
}

/** A change of one event; what is left out stays. */
export interface EventChange {
  readonly enabled?: boolean | undefined;
  readonly filter?: string | null | undefined;
}

/** Choices by event. Who is not in it has {@link UNTOUCHED}. */
export type Choices = ReadonlyMap<string, EventChoice>;

/** An event nobody has said anything about: recorded, all of it. */
export const UNTOUCHED: EventChoice = { enabled: true, filter: null };

/**
 * Which of the server's own records are recorded. Events the catalogue calls mandatory always are; of the others an
 * administrator may leave out an event, or all of its records that a filter does not match.
 */
export class Selection {
  readonly #logger: Logger;
  #rules: ReadonlyMap<string, { readonly enabled: boolean; readonly filter: Filter | null }> =
    new Map();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Takes up what the database says. A filter that cannot be read any more filters nothing. */
  async load(db: StateReader): Promise<void> {
    this.use(await readChoices(db));
  }

  /** Holds from now on. */
  use(choices: Choices): void {
    this.#rules = new Map(
      [...choices].map(([event, { enabled, filter }]) => [
        event,
        { enabled, filter: filter === null ? null : this.#parse(event, filter) },
      ]),
    );
  }

  /** Whether a record of ours is recorded. */
  includes(record: FilteredRecord): boolean {
    const rule = this.#rules.get(record.event);
    if (rule === undefined || !isSelectable(record.event)) return true;
    return rule.enabled && (rule.filter === null || matchesFilter(rule.filter, record));
  }

  #parse(event: string, text: string): Filter | null {
    try {
      return parseEventFilter(event, text);
    } catch (error) {
      this.#logger.error('a filter cannot be read; every record of its event is recorded', {
        event,
        filter: text,
        error: String(error),
      });
      return null;
    }
  }
}

/** Whether an event may be left out; of one that is not in the catalogue nothing can be said. */
function isSelectable(event: string): boolean {
  return eventDefinition(event)?.selectable === true;
}

/** What has been chosen, by event. */
export async function readChoices(db: StateReader): Promise<Map<string, EventChoice>> {
  const rows = await db
    .selectFrom('event_selection')
    .select(['event', 'enabled', 'filter'])
    .orderBy('event')
    .execute();
  return new Map(
    rows.map(({ event, enabled, filter }) => [event, { enabled: enabled === 1, filter }]),
  );
}

/**
 * The choices after changes. `place` names the field of an event's change, for errors.
 *
 * @throws ServerError `request_invalid` for an unknown event, `event_mandatory`, `filter_syntax`
 */
export function changeChoices(
  choices: Choices,
  changes: Readonly<Record<string, EventChange>>,
  place: (event: string, part: 'enabled' | 'filter' | null) => string,
): Map<string, EventChoice> {
  const changed = new Map(choices);
  for (const [event, change] of Object.entries(changes)) {
    const definition = eventDefinition(event);
    if (definition === undefined) throw unknownEvent(event, place(event, null));
    const before = changed.get(event) ?? UNTOUCHED;
    const enabled = change.enabled ?? before.enabled;
    const filter = readFilter(event, change.filter, before, place(event, 'filter'));
    if (!definition.selectable && (!enabled || filter !== null)) {
      const part = enabled ? 'filter' : 'enabled';
      throw mandatoryEvent(event, place(event, part), enabled ? 'a filter' : 'false');
    }
    if (enabled === before.enabled && filter === before.filter) continue;
    changed.set(event, { enabled, filter });
  }
  return changed;
}

function readFilter(
  event: string,
  text: string | null | undefined,
  before: EventChoice,
  field: string,
): string | null {
  if (text === undefined) return before.filter;
  if (text === null) return null;
  // The record of the change shows the filter: what would be masked there hides what is left out.
  if (findSecret(text) !== null)
    throw faultyField(field, 'nothing that looks like a secret', 'a filter with one');
  try {
    return formatFilter(parseEventFilter(event, text));
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { position, expected, got, hint } = error;
    throw new ServerError('filter_syntax', `${field}: ${error.message}`, {
      members: {
        errors: [{ field, expected, got }],
        position,
        expected,
        got,
        ...(hint === undefined ? {} : { hint }),
      },
      cause: error,
    });
  }
}

/** Keeps choices that differ from what there was. */
export async function writeChoices(
  tx: StateTransaction,
  before: Choices,
  after: Choices,
  by: { readonly username: string; readonly at: Date },
): Promise<void> {
  for (const [event, { enabled, filter }] of after) {
    const old = before.get(event) ?? UNTOUCHED;
    if (old.enabled === enabled && old.filter === filter) continue;
    const values = {
      enabled: enabled ? 1 : 0,
      filter,
      updated_at: by.at.toISOString(),
      updated_by: by.username,
    };
    await tx
      .insertInto('event_selection')
      .values({ event, ...values })
      .onConflict((conflict) => conflict.column('event').doUpdateSet(values))
      .execute();
  }
}

/** How an event stands, in Dogtag's words. */
export type EventStatus = 'mandatory' | 'enabled' | 'disabled';

/** Every event of the catalogue and how it stands, in the catalogue's order. */
export function eventStatuses(
  choices: Choices,
): { readonly event: string; readonly status: EventStatus; readonly filter: string | null }[] {
  return EVENTS.map(({ name, selectable }) => {
    if (!selectable) return { event: name, status: 'mandatory', filter: null };
    const { enabled, filter } = choices.get(name) ?? UNTOUCHED;
    return { event: name, status: enabled ? 'enabled' : 'disabled', filter };
  });
}

/** The refusal of a change of an event that there is not. */
export function unknownEvent(event: string, field: string): ServerError {
  const expected = 'an event of the catalogue';
  return new ServerError('request_invalid', `${field}: expected ${expected}, got "${event}"`, {
    members: { in: 'body', errors: [{ field, expected, got: event }] },
  });
}

/** The refusal of a change of a mandatory event. */
export function mandatoryEvent(event: string, field: string, got: string): ServerError {
  const expected = 'no change, since the event is mandatory';
  return new ServerError('event_mandatory', `${field}: expected ${expected}, got ${got}`, {
    members: { event, errors: [{ field, expected, got }] },
  });
}
