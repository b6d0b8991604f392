import { expect, test } from 'vitest';
import type { Setting } from '../api/settings.ts';
import { settingChanges, settingDiff } from './setting-draft.ts';

function setting(name: string, type: Setting['type'], value: Setting['value']): Setting {
  return {
    name,
    displayName: name,
    description: '',
    tab: 'Console',
    type,
    value,
    default: value,
    isSet: false,
  };
}

const settings = [
  setting('pageSize', 'integer', 50),
  setting('host', 'string', ''),
  setting('starttls', 'boolean', true),
  setting('password', 'secret', null),
];

test('only what is other than before is sent, and a secret only when one is typed', () => {
  expect(settingChanges(settings, { pageSize: 50, host: '', password: '' })).toEqual({});
  expect(settingChanges(settings, { pageSize: 100, starttls: false, password: 'x' })).toEqual({
    pageSize: 100,
    starttls: false,
    password: 'x',
  });
});

test('what changes is told, a secret never', () => {
  expect(settingDiff(settings, { host: 'mail.example.com', password: 'hidden' })).toEqual([
    { sign: '−', text: 'host: nothing' },
    { sign: '+', text: 'host: mail.example.com' },
    { sign: '+', text: 'password: a new one' },
  ]);
});
