/** Values for the tests of this package. */
import { RecordError } from './error.ts';
import type { CompleteDraft, Content, RecordDraft } from './record.ts';

export const ID = '019aa9c0-7f3e-7abc-8def-0123456789ab';
export const TIME = '2026-11-22T05:00:00.000Z';
export const SALT = Uint8Array.from({ length: 16 }, (_, i) => i);

/** A content with every field there is. */
export const WHOLE: Content = {
  actor: {
    id: 'jdoe',
    name: 'Jane Doe',
    kind: 'user',
    roles: ['Auditor'],
    authentication: { method: 'passwdUserDBAuthMgr', credential: 'SHA-256:ab12' },
    session: 's1',
  },
  origin: { address: '192.0.2.7', interface: 'portal', userAgent: 'Mozilla/5.0' },
  source: { system: 'ca1', host: 'pki1.example.com', component: 'ca', version: '11.6.0' },
  target: { type: 'certificate', id: '0x4d2', name: 'CN=www.example.com' },
  related: [{ type: 'certificate', id: '0x4d1', relation: 'replaces' }],
  request: { id: 'r1', route: '/api/v1/x', type: 'API Endpoint', verb: 'GET' },
  authorization: { resource: 'certServer.ca', operation: 'read', roles: [] },
  before: { days: 4, tags: ['a', null, true, 1.5] },
  after: { days: 7, nested: { deep: {} } },
  reason: 'because',
  attributes: [
    ['Info', 'a'],
    ['Info', null],
    ['Empty', ''],
  ],
  correlation: 'c1',
  original: {
    format: 'dogtag',
    text: '0.main - [22/Nov/2026:02:11:32 UTC] [14] [6] [AuditEvent=X] x',
    file: 'ca_audit',
    line: 1,
    event: 'AUTHZ_FAIL',
    thread: 'main',
    signature: 'valid',
    signer: 'CN=Audit',
    ambiguous: 'Info twice',
    redacted: ['$.attributes[0][1]'],
  },
};

export function draftOf(
  content: Partial<Content> = {},
  rest: Partial<RecordDraft> = {},
): RecordDraft {
  return {
    seq: 1,
    time: TIME,
    event: 'AUTHZ',
    outcome: 'Failure',
    ...rest,
    content: { actor: { id: 'jdoe', kind: 'user' }, source: { system: 'ca1' }, ...content },
  };
}

export function completeDraftOf(
  content: Partial<Content> = {},
  rest: Partial<RecordDraft> = {},
): CompleteDraft {
  return {
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: 'Warning',
    retention: 'normal',
    ...draftOf(content, rest),
  };
}

/** The error with which something is refused. Throws when it is not. */
export function refusal(act: () => unknown): RecordError {
  try {
    act();
  } catch (error) {
    if (error instanceof RecordError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** The result, or null where it was refused as a record must be. */
export function unlessRefused<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}
