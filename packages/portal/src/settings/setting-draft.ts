import type { Setting } from '../api/settings.ts';
import type { DiffRow } from '../components/diff-rows.ts';

/** Values that were typed, by the name of the setting. */
export type SettingDraft = Readonly<Record<string, string | number | boolean>>;

function changed(settings: readonly Setting[], draft: SettingDraft): Setting[] {
  return settings.filter(({ name, type, value }) => {
    const next = draft[name];
    return next !== undefined && (type === 'secret' ? next !== '' : next !== value);
  });
}

/** What is sent: only what is other than before. */
export function settingChanges(
  settings: readonly Setting[],
  draft: SettingDraft,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    changed(settings, draft).map(({ name, value }) => [name, draft[name] ?? value ?? '']),
  );
}

/** The same, line by line; a secret is never shown. */
export function settingDiff(settings: readonly Setting[], draft: SettingDraft): DiffRow[] {
  return changed(settings, draft).flatMap(({ name, displayName, type, value }): DiffRow[] =>
    type === 'secret'
      ? [{ sign: '+', text: `${displayName}: a new one` }]
      : [
          { sign: '−', text: `${displayName}: ${textOf(value)}` },
          { sign: '+', text: `${displayName}: ${textOf(draft[name] ?? null)}` },
        ],
  );
}

function textOf(value: Setting['value']): string {
  if (value === null || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
