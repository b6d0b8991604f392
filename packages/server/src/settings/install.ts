import type { JsonValue } from '@countersign/records';
import type { State } from '../database/open.ts';
import type { Recorder } from '../recording/recorder.ts';
import { isSettingName, SETTING_NAMES, SETTINGS, type SettingName } from './definitions.ts';
import { configurationChanged } from './records.ts';
import { settingModel, settingRef } from './settings.ts';

/**
 * Compares the settings the product has with those the database knows: the first start, and a start after an upgrade,
 * record what is new as Created, what has another default as Updated, and what is not there any more as Deleted. Every
 * other start records nothing.
 */
export async function installSettings(parts: {
  state: State;
  recorder: Recorder;
  clock: () => Date;
}): Promise<void> {
  const { state, recorder, clock } = parts;
  const rows = await state.db.selectFrom('application_settings').selectAll().execute();
  const known = new Map(rows.map((row) => [row.name, row]));
  const created = SETTING_NAMES.filter((name) => !known.has(name));
  const updated = SETTING_NAMES.filter((name) => {
    const row = known.get(name);
    return row !== undefined && row.default_value !== JSON.stringify(SETTINGS[name].default);
  });
  const deleted = rows.filter(({ name }) => !isSettingName(name));
  if (created.length + updated.length + deleted.length === 0) return;
  await recorder.audited(async (tx) => {
    const written = { updated_at: clock().toISOString(), updated_by: '$System$' };
    for (const name of created) {
      const standard = JSON.stringify(SETTINGS[name].default);
      const row = { name, value: null, default_value: standard, ...written };
      await tx.db.insertInto('application_settings').values(row).execute();
      tx.record(
        configurationChanged(null, {
          ...SETTING_EVENT,
          operation: 'Created',
          target: settingRef(name),
          after: settingModel(name, new Map()),
        }),
      );
    }
    for (const name of updated) {
      const row = known.get(name);
      const old = JSON.parse(row?.default_value ?? 'null') as JsonValue;
      await tx.db
        .updateTable('application_settings')
        .set({ default_value: JSON.stringify(SETTINGS[name].default), ...written })
        .where('name', '=', name)
        .execute();
      const stored = storedIn(name, row?.value ?? null);
      tx.record(
        configurationChanged(null, {
          ...SETTING_EVENT,
          operation: 'Updated',
          target: settingRef(name),
          before: settingModel(name, stored, old),
          after: settingModel(name, stored),
          reason: 'the product has another default',
        }),
      );
    }
    for (const { name, default_value: standard } of deleted) {
      await tx.db.deleteFrom('application_settings').where('name', '=', name).execute();
      tx.record(
        configurationChanged(null, {
          ...SETTING_EVENT,
          operation: 'Deleted',
          target: { type: 'setting', id: name },
          before: { name, default: JSON.parse(standard) as JsonValue },
          reason: 'the product has no such setting any more',
        }),
      );
    }
  });
}

const SETTING_EVENT = { event: 'CONFIG_SETTING', category: 'ApplicationSetting' } as const;

/** What was set, for the record; of a secret only that it was. */
function storedIn(
  name: SettingName,
  value: string | null,
): ReadonlyMap<SettingName, string | number | boolean> {
  if (value === null) return new Map();
  const secret = SETTINGS[name].type === 'secret';
  return new Map([[name, secret ? '' : (JSON.parse(value) as string | number | boolean)]]);
}
