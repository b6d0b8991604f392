import { expect, test } from 'vitest';
import type { AuditConfiguration, AuditedEvent } from '../api/security.ts';
import {
  draftBody,
  draftRows,
  EMPTY_DRAFT,
  withChoice,
  withSetting,
} from './configuration-draft.ts';

const authz: AuditedEvent = {
  event: 'AUTHZ',
  title: 'Authorization',
  group: 'Authorization',
  status: 'enabled',
  filter: null,
};
const configuration: AuditConfiguration = {
  events: [authz],
  files: {
    enabled: true,
    bufferSize: 512,
    flushInterval: 5,
    maxFileSize: 2000,
    rolloverInterval: 2_592_000,
    eventNames: 'current',
    current: 'ca_audit',
    signingCertificate: 'CN=Audit Signing',
  },
};

test('a draft tells before and after, and sends only what differs', () => {
  const filter = '(Outcome=Failure)';
  let draft = withChoice(EMPTY_DRAFT, authz, { enabled: true, filter });
  draft = withSetting(draft, configuration.files, 'bufferSize', '1024');
  expect(draftRows(configuration, draft).map(({ sign, text }) => sign + text)).toEqual([
    '−AUTHZ: recorded',
    '+AUTHZ: recorded where (Outcome=Failure)',
    '−Buffer: 512 characters',
    '+Buffer: 1024 characters',
  ]);
  expect(draftBody(draft)).toEqual({
    events: { AUTHZ: { enabled: true, filter } },
    files: { bufferSize: 1024 },
  });
});

test('what is chosen as it is now is no change', () => {
  const off = withChoice(EMPTY_DRAFT, authz, { enabled: false, filter: null });
  expect(draftRows(configuration, off)[1]?.text).toBe('AUTHZ: not recorded');
  const on = withChoice(off, authz, { enabled: true, filter: null });
  const back = withSetting(
    withSetting(on, configuration.files, 'flushInterval', '9'),
    configuration.files,
    'flushInterval',
    '5',
  );
  expect(draftBody(back)).toEqual({});
});

test('what is no number is sent as it was typed', () => {
  const draft = withSetting(EMPTY_DRAFT, configuration.files, 'maxFileSize', 'much');
  expect(draftBody(draft)).toEqual({ files: { maxFileSize: 'much' } });
});
