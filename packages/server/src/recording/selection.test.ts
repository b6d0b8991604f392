import { beforeEach, describe, expect, test } from 'vitest';
import { EVENTS } from '@countersign/records';
import { openState } from '../database/open.ts';
import { ServerError } from '../errors.ts';
import { silentLoggers } from '../logger.ts';
import { startTestServer } from '../testing/harness.ts';
import type { OwnDraft } from './draft.ts';
import {
  changeChoices,
  eventStatuses,
  readChoices,
  Selection,
  writeChoices,
  type EventChange,
} from './selection.ts';
import { sessionRefused, sessionTerminated } from './session-events.ts';

const system = await startTestServer();
const { recorder, selection, state } = system.server.platform;
const connection = { clientAddress: '192.0.2.7', serverAddress: '192.0.2.1', certificate: null };
const ended = sessionTerminated(connection, 'clientAlertReceived: CLOSE_NOTIFY');
const refused = sessionRefused(connection, 'serverAlertSent: UNKNOWN_CA', null);
const mandatory: OwnDraft = {
  event: 'ROLE_ASSUME',
  outcome: 'Success',
  content: { actor: { id: 'caadmin', kind: 'user' }, source: { system: 'test' } },
};

/** Changes the selection as the API does: in an audited transaction, in force when it commits. */
async function select(changes: Record<string, EventChange>): Promise<void> {
  await recorder.audited(async (tx) => {
    const before = await readChoices(tx.db);
    const after = changeChoices(before, changes, placeOf);
    const at = new Date('2026-11-22T05:00:00.000Z');
    await writeChoices(tx.db, before, after, { username: 'admin', at });
    tx.record(mandatory);
    tx.committed(() => selection.use(after));
  });
}

async function eventsOf(work: () => Promise<unknown>): Promise<string[]> {
  return (await system.recordsOf(work)).map(({ envelope }) => envelope.event);
}

beforeEach(async () => {
  await system.behind.deleteFrom('event_selection').execute();
  await selection.load(state.db);
});

describe('an event that is not selected', () => {
  test('is left out from the moment the change commits, and back from the next', async () => {
    expect(await recorder.record(ended)).toEqual(expect.any(Number));
    const left = await eventsOf(async () => {
      await select({ ACCESS_SESSION_TERMINATED: { enabled: false } });
      expect(await recorder.record(ended)).toBeNull();
      expect(await recorder.record(refused)).toEqual(expect.any(Number));
      await select({ ACCESS_SESSION_TERMINATED: { enabled: true } });
      expect(await recorder.record(ended)).toEqual(expect.any(Number));
    });
    expect(left).toEqual([
      'ROLE_ASSUME',
      'ACCESS_SESSION_ESTABLISH',
      'ROLE_ASSUME',
      'ACCESS_SESSION_TERMINATED',
    ]);
  });

  test('is left out of changes, too, which then stand without that record', async () => {
    await select({ ACCESS_SESSION_TERMINATED: { enabled: false } });
    const left = await eventsOf(async () => {
      const { result, index } = await recorder.audited(async (tx) => {
        await tx.db.insertInto('settings').values({ key: 'kept', value: '1' }).execute();
        tx.record(ended);
        return 'done';
      });
      expect({ result, index }).toEqual({ result: 'done', index: null });
      await recorder.audited(async (tx) => {
        tx.record(ended);
        tx.record(mandatory);
      });
    });
    expect(left).toEqual(['ROLE_ASSUME']);
    const kept = state.db.selectFrom('settings').select('value').where('key', '=', 'kept');
    expect(await kept.execute()).toEqual([{ value: '1' }]);
  });

  test('stays as it was when the change does not commit', async () => {
    const broken = recorder.audited(async (tx) => {
      tx.committed(() =>
        selection.use(new Map([['ACCESS_SESSION_TERMINATED', { enabled: false, filter: null }]])),
      );
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect(await recorder.record(ended)).toEqual(expect.any(Number));
  });

  test('is left out of what other processes leave; what they change is taken up', async () => {
    const { state: read, writer: other } = await openState(system.server.config.database);
    const insert = async (event: string) => {
      const draft = JSON.stringify({
        ...mandatory,
        event,
        category: 'AccessSession',
        operation: 'Terminated',
        level: 'Information',
        retention: 'normal',
        time: '2026-11-22T05:00:00.000Z',
      });
      await other.insertInto('outbox').values({ seq: null, draft }).execute();
    };
    const left = await eventsOf(async () => {
      await other
        .insertInto('event_selection')
        .values({
          event: 'SESSION_TERMINATED',
          enabled: 0,
          filter: null,
          updated_at: '2026-11-22T05:00:00.000Z',
          updated_by: 'root',
        })
        .execute();
      await insert('SESSION_TERMINATED');
      await insert('ROLE_ASSUME');
      await insert('SESSION_TERMINATED');
      await insert('ROLE_ASSUME');
      await recorder.adopt();
      await recorder.idle();
      expect(await recorder.record(mandatory)).toEqual(expect.any(Number));
    });
    expect(left).toEqual(['ROLE_ASSUME', 'ROLE_ASSUME', 'ROLE_ASSUME']);
    expect(await state.db.selectFrom('outbox').select('seq').execute()).not.toContainEqual({
      seq: null,
    });
    await read.close();
  });
});

describe('a filter', () => {
  test('lets only what it matches into the log', async () => {
    await select({ ACCESS_SESSION_ESTABLISH: { filter: '(outcome=success)' } });
    expect(await recorder.record(refused)).toBeNull();
    await select({
      ACCESS_SESSION_ESTABLISH: { filter: '(&(Outcome=Failure)(ClientIP=192.0.2.*))' },
    });
    expect(await recorder.record(refused)).toEqual(expect.any(Number));
    await select({ ACCESS_SESSION_ESTABLISH: { filter: null } });
    expect(await readChoices(state.db)).toEqual(
      new Map([['ACCESS_SESSION_ESTABLISH', { enabled: true, filter: null }]]),
    );
  });

  test('is kept in its canonical text, also while its event is not selected', async () => {
    await select({ SELFTESTS_EXECUTION: { filter: 'outcome=Failure', enabled: false } });
    await select({ SELFTESTS_EXECUTION: { enabled: true } });
    const found = eventStatuses(await readChoices(state.db)).find(
      ({ event }) => event === 'SELFTESTS_EXECUTION',
    );
    expect(found).toEqual({
      event: 'SELFTESTS_EXECUTION',
      status: 'enabled',
      filter: '(Outcome=Failure)',
    });
  });

  test('that cannot be read any more filters nothing', async () => {
    const old = new Selection(silentLoggers('server:test'));
    old.use(new Map([['ACCESS_SESSION_TERMINATED', { enabled: true, filter: '(Gone=1)' }]]));
    expect(old.includes({ ...ended, content: ended.content })).toBe(true);
  });
});

describe('mandatory events', () => {
  test('are recorded whatever stands in the database', async () => {
    const all = new Map(EVENTS.map(({ name }) => [name, { enabled: false, filter: null }]));
    const strict = new Selection(silentLoggers('server:test'));
    strict.use(all);
    const kept = EVENTS.filter(({ name: event }) => strict.includes({ ...mandatory, event }));
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.every(({ selectable }) => !selectable)).toBe(true);
    for (const event of [
      'AUTHZ',
      'AUTH',
      'ROLE_ASSUME',
      'CONFIG_SIGNED_AUDIT',
      'AUDIT_LOG_SIGNING',
    ])
      expect(kept.map(({ name }) => name)).toContain(event);
  });

  test.each([
    [
      { AUTHZ: { enabled: false } },
      'event_mandatory',
      'events.AUTHZ.enabled: expected no change, since the event is mandatory, got false',
    ],
    [
      { AUTHZ: { filter: '(Outcome=Failure)' } },
      'event_mandatory',
      'events.AUTHZ.filter: expected no change, since the event is mandatory, got a filter',
    ],
    [
      { NO_SUCH: { enabled: true } },
      'request_invalid',
      'events.NO_SUCH: expected an event of the catalogue, got "NO_SUCH"',
    ],
    [
      { CRL_VALIDATION: { filter: '(Outcome!=Failure)' } },
      'filter_syntax',
      'events.CRL_VALIDATION.filter: expected "=", got "!=Failure)" (at position 9); write (!(Outcome=Failure))',
    ],
    [
      {
        CRL_VALIDATION: {
          filter: '(|(Outcome=-----BEGIN PRIVATE KEY-----)(SubjectID=admin))',
        },
      },
      'request_invalid',
      'events.CRL_VALIDATION.filter: expected nothing that looks like a secret, got a filter with one',
    ],
  ])('%j is refused', (changes, code, message) => {
    const refusal = refusalOf(() => changeChoices(new Map(), changes, placeOf));
    expect(refusal).toMatchObject({ code, message });
  });

  test('may be asked for what they are', () => {
    const changes = { AUTHZ: { enabled: true, filter: null } };
    expect(changeChoices(new Map(), changes, String)).toEqual(new Map());
  });
});

function refusalOf(work: () => unknown): ServerError {
  try {
    work();
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
  throw new Error('expected a refusal, got none');
}

function placeOf(event: string, part: string | null): string {
  return part === null ? `events.${event}` : `events.${event}.${part}`;
}
