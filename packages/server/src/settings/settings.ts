import type { JsonObject, JsonValue } from '@countersign/records';
import type { Vault } from '../ca/vault.ts';
import type { StateReader } from '../database/schema.ts';
import { faultyField, ServerError, type FieldFault } from '../errors.ts';
import type { AuditedTransaction } from '../recording/recorder.ts';
import type { Caller } from '../security/records.ts';
import {
  faultOf,
  isSettingName,
  SETTING_NAMES,
  SETTINGS,
  SMTP_SETTINGS,
  type SettingDefinition,
  type SettingName,
  type SettingTab,
  type SettingValue,
  type SettingValues,
} from './definitions.ts';
import { configurationChanged } from './records.ts';

/** A setting as people see it; the value of a secret is null. */
export type SettingView = {
  readonly name: SettingName;
  readonly displayName: string;
  readonly description: string;
  readonly tab: SettingTab;
  readonly type: SettingDefinition['type'];
  readonly value: SettingValue | null;
  readonly default: SettingValue | null;
  /** Somebody has set it; for a secret: there is one. */
  readonly isSet: boolean;
  readonly options?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
};

type Stored = Map<SettingName, SettingValue>;

/** What settings are to be; null: the default again. */
export type SettingChanges = Readonly<Record<string, unknown>>;

/** The application settings: read from memory, changed with their records. */
export class Settings {
  readonly #vault: Vault;
  /** What somebody has set. */
  #stored: Stored = new Map();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Takes up what the database says. A value that is none any more counts as not set. */
  async load(db: StateReader): Promise<void> {
    this.#stored = await this.#read(db);
  }

  /** What a setting is now. */
  get<N extends SettingName>(name: N): SettingValues[N] {
    return (this.#stored.get(name) ?? SETTINGS[name].default) as SettingValues[N];
  }

  /** All of them, in the order of their tabs. */
  list(): SettingView[] {
    return SETTING_NAMES.map((name) => viewOf(name, this.#stored));
  }

  /**
   * Changes settings, each with a record of its own; those of the mail server together with one of SMTP. What is the same
   * as before changes nothing and leaves no record. They hold from the commit on. Returns the names of those that were
   * other before. Throws `request_invalid` with every fault.
   */
  async change(
    tx: AuditedTransaction,
    by: Caller | null,
    changes: SettingChanges,
    now: Date,
  ): Promise<SettingName[]> {
    const wanted = checked(changes);
    const before = await this.#read(tx.db);
    const after: Stored = new Map(before);
    for (const [name, value] of wanted) {
      if (value === null) after.delete(name);
      else after.set(name, value);
    }
    const changed = SETTING_NAMES.filter((name) => before.get(name) !== after.get(name));
    if (changed.length === 0) return [];
    assertMailFits(after);
    assertPasswordStays(before, after, wanted);
    for (const name of changed) {
      const value = after.get(name);
      await tx.db
        .updateTable('application_settings')
        .set({
          value: value === undefined ? null : this.#format(name, value),
          updated_at: now.toISOString(),
          updated_by: by?.session.user.username ?? '$System$',
        })
        .where('name', '=', name)
        .execute();
      if (SMTP_SETTINGS.includes(name)) continue;
      tx.record(
        configurationChanged(by, {
          event: 'CONFIG_SETTING',
          category: 'ApplicationSetting',
          operation: 'Updated',
          target: settingRef(name),
          before: settingModel(name, before),
          after: settingModel(name, after),
        }),
      );
    }
    if (changed.some((name) => SMTP_SETTINGS.includes(name))) {
      const host = String(after.get('smtp.host') ?? '');
      const replaced = changed.includes('smtp.password') && after.has('smtp.password');
      tx.record(
        configurationChanged(by, {
          event: 'CONFIG_SETTING',
          category: 'SMTP',
          operation: 'Updated',
          target: { type: 'smtp profile', id: 'smtp', name: host === '' ? 'none' : host },
          before: smtpModel(before),
          after: smtpModel(after),
          reason: replaced ? 'another password was set' : undefined,
        }),
      );
    }
    tx.committed(() => (this.#stored = after));
    return changed;
  }

  async #read(db: StateReader): Promise<Stored> {
    const rows = await db
      .selectFrom('application_settings')
      .select(['name', 'value'])
      .where('value', 'is not', null)
      .execute();
    const stored: Stored = new Map();
    for (const { name, value } of rows) {
      if (!isSettingName(name) || value === null) continue;
      const parsed = this.#parse(name, value);
      if (faultOf(name, parsed) === null) stored.set(name, parsed as SettingValue);
    }
    return stored;
  }

  #parse(name: SettingName, value: string): unknown {
    return SETTINGS[name].type === 'secret'
      ? this.#vault.open(value, aboutOf(name)).toString()
      : JSON.parse(value);
  }

  #format(name: SettingName, value: SettingValue): string {
    return SETTINGS[name].type === 'secret'
      ? this.#vault.seal(String(value), aboutOf(name))
      : JSON.stringify(value);
  }
}

function aboutOf(name: SettingName): string {
  return `setting:${name}`;
}

/** Values that may be stored; what equals the default is stored, too: it was chosen, and stays when the default changes. */
function checked(changes: SettingChanges): [SettingName, SettingValue | null][] {
  const faults: FieldFault[] = [];
  const good: [SettingName, SettingValue | null][] = [];
  for (const [name, value] of Object.entries(changes)) {
    const expected = isSettingName(name)
      ? value === null
        ? null
        : faultOf(name, value)
      : 'the name of a setting';
    if (expected !== null)
      faults.push({ field: name.slice(0, 100), expected, got: shown(name, value) });
    else good.push([name as SettingName, emptied(name as SettingName, value)]);
  }
  const [first] = faults;
  if (first !== undefined)
    throw new ServerError(
      'request_invalid',
      `${first.field}: expected ${first.expected}, got ${first.got}`,
      { members: { in: 'body', errors: faults } },
    );
  return good;
}

/** An empty secret is none. */
function emptied(name: SettingName, value: unknown): SettingValue | null {
  return SETTINGS[name].type === 'secret' && value === '' ? null : (value as SettingValue | null);
}

/** What came, for a refusal; never a secret. */
function shown(name: string, value: unknown): string {
  if (!isSettingName(name)) return 'another';
  if (SETTINGS[name].type === 'secret') return 'something else';
  return (JSON.stringify(value) ?? 'nothing').slice(0, 100);
}

/** A password goes only where it is known who gets it. */
function assertMailFits(stored: Stored): void {
  const security = stored.get('smtp.security') ?? SETTINGS['smtp.security'].default;
  if (security !== 'opportunistic' || !stored.has('smtp.user')) return;
  if (stored.get('smtp.user') === '') return;
  const [field, expected] = ['smtp.security', 'starttls or tls with an SMTP user'] as const;
  throw new ServerError('request_invalid', `${field}: expected ${expected}, got ${security}`, {
    members: { in: 'body', errors: [{ field, expected, got: security }] },
  });
}

/** Whoever may change settings cannot read the password: it is not sent to another server unless it is given again. */
function assertPasswordStays(
  before: Stored,
  after: Stored,
  wanted: readonly (readonly [SettingName, SettingValue | null])[],
): void {
  if (!before.has('smtp.password') || !after.has('smtp.password')) return;
  if (wanted.some(([name]) => name === 'smtp.password')) return;
  const host = after.get('smtp.host') ?? '';
  if (host === '' || host === before.get('smtp.host')) return;
  throw faultyField('smtp.password', 'the password, for another mail server', 'none');
}

function viewOf(name: SettingName, stored: Stored): SettingView {
  const definition: SettingDefinition = SETTINGS[name];
  const { displayName, description, tab, type } = definition;
  const secret = type === 'secret';
  return {
    name,
    displayName,
    description,
    tab,
    type,
    value: secret ? null : (stored.get(name) ?? definition.default),
    default: secret ? null : definition.default,
    isSet: stored.has(name),
    ...(type === 'choice' ? { options: definition.options } : {}),
    ...(type === 'integer' ? { minimum: definition.minimum } : {}),
    ...(type === 'integer' || type === 'string' || type === 'secret'
      ? { maximum: definition.maximum }
      : {}),
  };
}

/** A setting in records: called as people see it. */
export function settingRef(name: SettingName) {
  return { type: 'setting', id: name, name: SETTINGS[name].displayName };
}

/** A setting as a record has it, with the default it has or had. */
export function settingModel(
  name: SettingName,
  stored: ReadonlyMap<SettingName, SettingValue>,
  standard: JsonValue = SETTINGS[name].default,
): JsonObject {
  const { displayName, tab, type } = SETTINGS[name];
  const model = { name, displayName, tab, type };
  if (type === 'secret') return { ...model, isSet: stored.has(name) };
  return { ...model, value: stored.get(name) ?? standard, default: standard };
}

/** How mail is sent, as one thing; whether there is a password, and no more of it. */
function smtpModel(stored: Stored): JsonObject {
  const valueOf = (name: SettingName) => stored.get(name) ?? SETTINGS[name].default;
  return {
    host: valueOf('smtp.host'),
    port: valueOf('smtp.port'),
    security: valueOf('smtp.security'),
    authorities: valueOf('smtp.authorities'),
    user: valueOf('smtp.user'),
    hasCredentials: stored.has('smtp.password'),
    sender: valueOf('smtp.sender'),
  };
}
