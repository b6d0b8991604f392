import { describe, expect, test } from 'vitest';
import { quarterAfter, quarterOf } from '../../security/quarters.ts';
import {
  Administration,
  expectAction,
  expectRefusedAndRecorded,
  signInOthers,
  told,
} from '../../security/testing.ts';
import { startTestServer } from '../../testing/harness.ts';

const DAY = 86_400_000;
const system = await startTestServer({
  config: (config) => ({
    ...config,
    session: { ...config.session, idleMs: 1_000 * DAY, absoluteMs: 1_000 * DAY },
    limits: { ...config.limits, denialsPerMinute: 10_000, signInsPerMinute: 10_000 },
  }),
});
const administration = new Administration(system);
const admin = await system.signIn('admin');
const cookies = { admin, ...(await signInOthers(administration, admin)) };
const { auditor } = cookies;

const LIST = { method: 'GET', path: 'reviews' } as const;
const CREATE = { method: 'POST', path: 'reviews' } as const;
const sign = (period: string, comment = 'as it should be') =>
  ({ method: 'POST', path: `reviews/${period}/sign`, body: { comment } }) as const;
const REVIEW = { category: 'AccessReview', level: 'Information', outcome: 'Success' };

/** Before the first review: somebody of everything a report tells. */
await administration.ask(admin, {
  method: 'POST',
  path: 'applications',
  body: { name: 'Robot', roles: ['RA'] },
});
await administration.ask(admin, {
  method: 'POST',
  path: 'claims',
  body: { role: 'RA', provider: 'Example', type: 'Group', value: 'registrars' },
});
await administration.ask(admin, {
  method: 'POST',
  path: 'identities',
  body: { username: 'gone', name: 'Gone', roles: ['RA'] },
});
await administration.ask(admin, {
  method: 'PATCH',
  path: 'identities/gone',
  body: { disabled: true },
});
await system.request('/api/v1/account/tokens', {
  method: 'POST',
  cookie: auditor,
  body: { name: 'nightly', days: 30 },
});

describe('access reviews', () => {
  test('the first is due in the quarter of the first account', async () => {
    const { body } = await administration.ask(auditor, LIST);
    expect(body).toEqual({ reviews: [], due: '2026-Q4', overdue: false });
  });

  test('are drawn up by administrators and auditors, and recorded with the report', async () => {
    const answer = await expectAction(administration, cookies, {
      name: 'create',
      asked: CREATE,
      status: 201,
      right: 'certServer.security.reviews:create',
      alsoFor: ['auditor'],
      records: [
        {
          event: 'ACCESS_REVIEW_CREATED',
          category: 'AccessReview',
          operation: 'Created',
          name: '2026-Q4',
          after: expect.objectContaining({ period: '2026-Q4', report: expect.anything() }),
        },
      ],
    });
    const { report } = answer.body as {
      report: {
        identities: { username: string }[];
        roles: { name: string; permissions: string[] }[];
      };
    };
    expect(answer.body).toMatchObject({
      period: '2026-Q4',
      createdAt: '2026-11-22T05:00:00.000Z',
      createdBy: 'admin',
      signedAt: null,
      signedBy: null,
      comment: null,
      report: { conflicts: [], dormant: [] },
    });
    const named = new Map(report.identities.map((identity) => [identity.username, identity]));
    expect([...named.keys()]).toEqual([...named.keys()].sort());
    const plain = { disabled: false, provider: null, certificates: 0, tokens: 0 };
    const now = '2026-11-22T05:00:00.000Z';
    expect(named.get('auditor')).toEqual({
      ...plain,
      username: 'auditor',
      name: 'Auditor',
      kind: 'person',
      roles: ['Auditor'],
      lastSignIn: now,
      certificates: 1,
      tokens: 1,
    });
    expect(named.get('robot')).toMatchObject({
      ...plain,
      kind: 'application',
      roles: ['RA'],
      lastSignIn: null,
    });
    expect(named.get('gone')).toMatchObject({ disabled: true, roles: ['RA'], lastSignIn: null });
    const roles = new Map(report.roles.map((role) => [role.name, role]));
    expect(roles.get('RA')).toMatchObject({
      members: 4,
      claims: 1,
      claimed: ['Example Group: registrars'],
    });
    expect(roles.get('Auditor')?.permissions).toContain('certServer.log.content.signedAudit:read');
    expect(roles.get('Nothing')?.permissions).toEqual([]);
  });

  test('are there once a quarter', async () => {
    const { answer, records } = await administration.recorded(auditor, CREATE);
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'already_exists',
        detail: 'the access review of 2026-Q4 is there already',
      },
    });
    expect(records).toEqual([]);
  });

  test('are read by administrators and auditors alone', async () => {
    const read = { method: 'GET', path: 'reviews/2026-Q4' } as const;
    const { body } = await administration.ask(auditor, read);
    expect((await administration.ask(admin, read)).body).toEqual(body);
    expect((await administration.ask(auditor, LIST)).body['reviews']).toEqual([body]);
    const { answer, checks } = await administration.recorded(cookies.registrar, read);
    expect(answer.status).toBe(403);
    expect(checks.map(told)).toMatchObject([{ outcome: 'Failure', actor: 'registrar' }]);
  });

  test('are signed off by auditors alone', async () => {
    const before = await administration.state();
    for (const cookie of [admin, cookies.registrar, cookies.nobody]) {
      const { answer, records } = await administration.recorded(cookie, sign('2026-Q4'));
      expect(answer).toMatchObject({ status: 403, body: { code: 'access_denied' } });
      expect(records).toEqual([]);
    }
    expect(await administration.state()).toEqual(before);
  });

  test('are not signed off by who says who may do what, whatever else he may', async () => {
    await administration.ask(admin, {
      method: 'POST',
      path: 'roles',
      body: {
        name: 'Signers',
        description: '',
        permissions: [
          'certServer.security.reviews:sign',
          'certServer.usrgrp.administration:modify',
        ],
      },
    });
    const signer = await administration.person(admin, 'signer', ['Signers']);
    const both = await administration.person(admin, 'both', ['Signers', 'Administrator']);
    for (const cookie of [signer, both]) {
      const answer = await expectRefusedAndRecorded(administration, cookie, sign('2026-Q4'), {
        code: 'role_conflict',
        message: 'an access review is not signed off by those who say who may do what',
        record: {
          event: 'ACCESS_REVIEW_SIGNED',
          category: 'AccessReview',
          operation: 'Signed',
          name: '2026-Q4',
        },
      });
      expect(answer.status).toBe(409);
    }
  });

  test('signed off are recorded with the report and the comment, and not changed any more', async () => {
    const comment = 'Looked at each.\nGone may go.';
    const { answer, records } = await administration.recorded(auditor, sign('2026-Q4', comment));
    expect(answer).toMatchObject({
      status: 200,
      body: {
        signedAt: '2026-11-22T05:00:00.000Z',
        signedBy: 'auditor',
        comment,
      },
    });
    expect(records.map(told)).toEqual([
      {
        ...REVIEW,
        event: 'ACCESS_REVIEW_SIGNED',
        operation: 'Signed',
        actor: 'auditor',
        name: '2026-Q4',
        after: answer.body,
        reason: comment,
      },
    ]);
    const message =
      'the access review of 2026-Q4 was signed off by auditor at 2026-11-22T05:00:00.000Z';
    const record = { category: 'AccessReview', name: '2026-Q4' };
    for (const [asked, event, operation] of [
      [sign('2026-Q4', 'again'), 'ACCESS_REVIEW_SIGNED', 'Signed'],
      [CREATE, 'ACCESS_REVIEW_CREATED', 'Created'],
    ] as const) {
      await expectRefusedAndRecorded(administration, auditor, asked, {
        code: 'review_signed',
        message,
        record: { ...record, event, operation },
      });
    }
  });

  test('of the next quarter is due then, and overdue once that is over', async () => {
    const state = async () => {
      const { body } = await administration.ask(auditor, LIST);
      return [body['due'], body['overdue']];
    };
    expect(await state()).toEqual(['2027-Q1', false]);
    system.clock.advance(100 * DAY);
    expect(await state()).toEqual(['2027-Q1', false]);
    system.clock.advance(60 * DAY);
    expect(await state()).toEqual(['2027-Q1', true]);
    const { body } = await administration.ask(auditor, CREATE);
    expect(body).toMatchObject({ period: '2027-Q2' });
    // Applications and people who have not come for a while are pointed out, those who are disabled are not.
    const { dormant } = body['report'] as { dormant: string[] };
    expect(dormant).toEqual(expect.arrayContaining(['admin', 'auditor', 'robot']));
    expect(dormant).not.toContain('gone');
    await administration.ask(auditor, sign('2027-Q2'));
    expect(await state()).toEqual(['2027-Q3', false]);
  });

  test('point out roles that exclude each other, should somebody hold them all the same', async () => {
    const db = system.behind;
    system.clock.advance(92 * DAY);
    const { id } = await db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'operator')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('role_assignments')
      .values({ user_id: id, role: 'Auditor', granted_at: '2026-11-22T05:00:00.000Z' })
      .execute();
    const { body } = await administration.ask(auditor, CREATE);
    expect(body['report']).toMatchObject({
      conflicts: [{ username: 'operator', roles: ['Auditor', 'CA Operations'] }],
    });
  });
});

describe('faults', () => {
  test.each([
    { comment: '' },
    { comment: ' \n ' },
    { comment: 'a\u0000' },
    { comment: 'x'.repeat(2_001) },
    {},
  ])('a signature such as %j', async (body) => {
    const asked = { method: 'POST', path: 'reviews/2026-Q4/sign', body } as const;
    expect(await administration.ask(auditor, asked)).toMatchObject({
      status: 422,
      body: { code: 'request_invalid', errors: [{ field: 'comment' }] },
    });
  });

  test.each(['2020-Q1', '__proto__', 'constructor'])('there is none of %s', async (period) => {
    const asked = { method: 'GET', path: `reviews/${period}` } as const;
    expect(await administration.ask(auditor, asked)).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: `there is no access review of "${period}"` },
    });
    expect((await administration.ask(auditor, sign(period))).status).toBe(404);
  });
});

test('quarters are in order as their texts are', () => {
  const times = ['2026-01-01T00:00:00Z', '2026-03-31T23:59:59Z', '2026-10-01T00:00:00Z'];
  expect(times.map((time) => quarterOf(new Date(time)))).toEqual(['2026-Q1', '2026-Q1', '2026-Q4']);
  expect(['2026-Q1', '2026-Q4'].map(quarterAfter)).toEqual(['2026-Q2', '2027-Q1']);
});
