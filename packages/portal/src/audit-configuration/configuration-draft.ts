import type { AuditConfiguration, AuditedEvent, FileSettings } from '../api/security.ts';
import type { DiffRow } from '../components/diff-rows.ts';

/** What one event is to be: recorded or not, and which of its records. */
export interface EventChoice {
  readonly enabled: boolean;
  /** Only records that match are kept; null for all. */
  readonly filter: string | null;
}

/** What was typed and is not saved yet. Settings are text until they are sent. */
export interface Draft {
  readonly events: ReadonlyMap<string, EventChoice>;
  readonly files: Readonly<Partial<Record<SettingName, string>>>;
}

export const EMPTY_DRAFT: Draft = { events: new Map(), files: {} };

/** A setting of the files, how it is called and what it counts. */
export const SETTINGS = [
  {
    name: 'bufferSize',
    title: 'Buffer',
    unit: 'characters',
    about: 'So many may wait; with more, lines are signed and written.',
  },
  {
    name: 'flushInterval',
    title: 'Written every',
    unit: 'seconds',
    about: 'So long may a line wait; with 0, until the buffer is full.',
  },
  {
    name: 'maxFileSize',
    title: 'Largest file',
    unit: 'KB',
    about: 'Then a new file is begun; with 0, never.',
  },
  {
    name: 'rolloverInterval',
    title: 'New file every',
    unit: 'seconds',
    about: 'However small the present one is; with 0, never.',
  },
] as const satisfies readonly {
  name: keyof FileSettings;
  title: string;
  unit: string;
  about: string;
}[];
export type SettingName = (typeof SETTINGS)[number]['name'];

/** What an event is now. */
export function choiceOf({ status, filter }: AuditedEvent): EventChoice {
  return { enabled: status !== 'disabled', filter };
}

function sameChoice(a: EventChoice, b: EventChoice): boolean {
  return a.enabled === b.enabled && a.filter === b.filter;
}

/** The draft with one event chosen anew; what is chosen as it is now is no part of it. */
export function withChoice(draft: Draft, event: AuditedEvent, choice: EventChoice): Draft {
  const events = new Map(draft.events);
  if (sameChoice(choice, choiceOf(event))) events.delete(event.event);
  else events.set(event.event, choice);
  return { ...draft, events };
}

/** The draft with one setting typed anew. */
export function withSetting(
  draft: Draft,
  files: FileSettings,
  name: SettingName,
  text: string,
): Draft {
  const { [name]: _, ...rest } = draft.files;
  const same = text.trim() === String(files[name]);
  return { ...draft, files: same ? rest : { ...rest, [name]: text } };
}

/** "AUTHZ: recorded where (Outcome=Failure)". */
function eventLine(name: string, { enabled, filter }: EventChoice): string {
  if (!enabled) return `${name}: not recorded`;
  return filter === null ? `${name}: recorded` : `${name}: recorded where ${filter}`;
}

/** Each change of the draft as two lines: what is now, what is to be. */
export function draftRows(configuration: AuditConfiguration, draft: Draft): DiffRow[] {
  const rows: DiffRow[] = [];
  for (const event of configuration.events) {
    const choice = draft.events.get(event.event);
    if (choice === undefined) continue;
    rows.push({ sign: '−', text: eventLine(event.event, choiceOf(event)) });
    rows.push({ sign: '+', text: eventLine(event.event, choice) });
  }
  for (const { name, title, unit } of SETTINGS) {
    const text = draft.files[name];
    if (text === undefined) continue;
    rows.push({ sign: '−', text: `${title}: ${configuration.files[name]} ${unit}` });
    rows.push({ sign: '+', text: `${title}: ${text.trim()} ${unit}` });
  }
  return rows;
}

/** The body that saves the draft. What is no number goes as it was typed, for the server to say what it expects. */
export function draftBody(draft: Draft) {
  const settings = Object.entries(draft.files).map(([name, text]) => {
    const value = text.trim();
    return [name, /^-?\d{1,15}$/.test(value) ? Number(value) : value] as const;
  });
  return {
    ...(draft.events.size === 0 ? {} : { events: Object.fromEntries(draft.events) }),
    ...(settings.length === 0 ? {} : { files: Object.fromEntries(settings) }),
  };
}
