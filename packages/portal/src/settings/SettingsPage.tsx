import { Checkbox, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Setting } from '../api/settings.ts';
import { ChangeBar } from '../components/ChangeBar.tsx';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { Tabs } from '../components/Tabs.tsx';
import { useTitle } from '../lib/title.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import { settingChanges, settingDiff, type SettingDraft } from './setting-draft.ts';
import css from './settings.module.css';

/** How this installation behaves, tab by tab. */
export function SettingsPage() {
  useTitle('Settings');
  const settings = useAdministered<{ settings: Setting[] }>('settings');
  return (
    <div className="page">
      <PageHead title="Settings" actions={<RecordsLink target="settings" about="settings" />}>
        They hold at once, without a restart. Each change is recorded with its value before and
        after.
      </PageHead>
      <Reading
        of={settings}
        failed="The settings could not be read"
        skeleton={<TableSkeleton label="Loading the settings" rows={8} />}
      >
        {(data) => <Loaded key={JSON.stringify(data.settings)} settings={data.settings} />}
      </Reading>
    </div>
  );
}

function Loaded({ settings }: { readonly settings: readonly Setting[] }) {
  const search = useSearch({ from: '/shell/settings' });
  const navigate = useNavigate({ from: '/settings' });
  const may = useMay('certServer.settings.application', 'modify');
  const [draft, setDraft] = useState<SettingDraft>({});
  const names = [...new Set(settings.map(({ tab }) => tab))];
  const tab = names.find((one) => one === search.tab) ?? names[0] ?? '';
  const rows = settingDiff(settings, draft);
  const save = useChange(() =>
    requestJson<unknown>(apiUrl('settings'), {
      method: 'PATCH',
      body: settingChanges(settings, draft),
    }),
  );
  const { general, fields } = faultsOf(
    save.error,
    settings.map(({ name }) => name),
  );
  return (
    <>
      <Tabs
        label="Settings"
        tabs={names.map((id) => ({ id, title: id }))}
        tab={tab}
        onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
      >
        <fieldset className={css.settings} disabled={!may} aria-label={tab}>
          {settings
            .filter((one) => one.tab === tab)
            .map((setting) => (
              <SettingInput
                key={setting.name}
                setting={setting}
                value={draft[setting.name] ?? setting.value}
                error={fields[setting.name]}
                onChange={(value) => setDraft({ ...draft, [setting.name]: value })}
              />
            ))}
        </fieldset>
      </Tabs>
      {rows.length > 0 && (
        <ChangeBar
          count={Object.keys(settingChanges(settings, draft)).length}
          rows={rows}
          fault={general ?? Object.values(fields)[0] ?? null}
          busy={save.isPending}
          submit="Save settings"
          onSave={() => save.mutate(undefined)}
          onDiscard={() => {
            save.reset();
            setDraft({});
          }}
        />
      )}
    </>
  );
}

interface InputProps {
  readonly setting: Setting;
  readonly value: Setting['value'];
  readonly error: string | undefined;
  readonly onChange: (value: string | number | boolean) => void;
}

function SettingInput({ setting, value, error, onChange }: InputProps) {
  const { type, displayName: label, description, options = [] } = setting;
  const common = { label, description: described(setting), error };
  switch (type) {
    case 'boolean':
      return (
        <Checkbox
          size="xs"
          label={label}
          description={description}
          error={error}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'integer':
      return (
        <NumberInput
          {...common}
          hideControls
          allowDecimal={false}
          {...(setting.minimum === undefined ? {} : { min: setting.minimum })}
          {...(setting.maximum === undefined ? {} : { max: setting.maximum })}
          clampBehavior="none"
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => {
            if (typeof next === 'number') onChange(next);
          }}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...common}
          value={String(value)}
          data={[...options]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          placeholder={setting.isSet ? 'Set; type to replace it' : 'Not set'}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'string':
      return (
        <TextInput
          {...common}
          autoComplete="off"
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

function described({ description, type, minimum, maximum }: Setting): string {
  if (type !== 'integer' || minimum === undefined || maximum === undefined) return description;
  return `${description} ${minimum} to ${maximum}.`;
}
