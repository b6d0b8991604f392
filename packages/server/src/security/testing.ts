import { expect } from 'vitest';
import type { StateSchema } from '../database/schema.ts';
import { attribute, cookieOf, type SeenRecord, type TestServer } from '../testing/harness.ts';

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A request of the security administration. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

const TABLES = [
  'users',
  'roles',
  'role_permissions',
  'role_claims',
  'role_assignments',
  'access_rules',
  'applications',
  'api_tokens',
  'access_reviews',
  'client_certificates',
  'lockouts',
  'revocations',
  'sessions',
] as const satisfies readonly (keyof StateSchema)[];

/** The security administration of a test server, asked as somebody. */
export class Administration {
  readonly system: TestServer;
  constructor(system: TestServer) {
    this.system = system;
  }

  /** Asks with a cookie. */
  async ask(cookie: string, { method, path, body }: Asked): Promise<Answer> {
    const answer = await this.system.request(`/api/v1/security/${path}`, {
      method,
      cookie,
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const parsed: unknown = type.includes('json') ? JSON.parse(text) : { text };
    return { status: answer.status, body: parsed as Answer['body'] };
  }

  /** Creates a person with a password and roles, as the first administrator; returns the cookie of a session. */
  async person(admin: string, username: string, roles: readonly string[]): Promise<string> {
    const password = `${username} has a long password`;
    const body = { username, name: `Name of ${username}`, roles, password };
    const made = await this.ask(admin, { method: 'POST', path: 'identities', body });
    if (made.status !== 201) throw new Error(`${made.status} ${JSON.stringify(made.body)}`);
    return await this.signIn(username, password);
  }

  /** Signs somebody in; returns the cookie. */
  async signIn(username: string, password: string): Promise<string> {
    const answer = await this.system.request('/api/v1/session', {
      method: 'POST',
      body: { username, password },
    });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`);
    return cookieOf(answer);
  }

  /** Everything the state holds that is no record on its way and no setting. */
  async state(): Promise<Readonly<Record<string, readonly unknown[]>>> {
    const db = this.system.behind;
    const entries = [];
    for (const table of TABLES) {
      const rows = await db.selectFrom(table).selectAll().execute();
      const seen = rows.map((row) => ({ ...row, last_seen_at: null, last_sign_in_at: null }));
      entries.push([table, seen.map((row) => JSON.stringify(row)).sort()] as const);
    }
    return Object.fromEntries(entries);
  }

  /** Asks, and returns the answer with the records it left: those of the checked right apart. */
  async recorded(
    cookie: string,
    asked: Asked,
  ): Promise<{ answer: Answer; checks: SeenRecord[]; records: SeenRecord[] }> {
    let answer: Answer = { status: 0, body: {} };
    const seen = await this.system.recordsOf(async () => {
      answer = await this.ask(cookie, asked);
    });
    return {
      answer,
      checks: seen.filter(({ envelope }) => envelope.event === 'AUTHZ'),
      records: seen.filter(({ envelope }) => envelope.event !== 'AUTHZ'),
    };
  }
}

/** What a record says, as far as tests look at it. */
export function told({ envelope, content }: SeenRecord) {
  const { event, category, operation, level, outcome } = envelope;
  return {
    event,
    category,
    operation,
    level,
    outcome,
    actor: content.actor.id,
    name: content.target?.name ?? content.target?.id,
    ...(content.before === undefined ? {} : { before: content.before }),
    ...(content.after === undefined ? {} : { after: content.after }),
    ...(content.reason === undefined ? {} : { reason: content.reason }),
  };
}

/** Expects that a request was refused, changed nothing and left exactly one failure besides the check of the right. */
export async function expectRefusedAndRecorded(
  administration: Administration,
  cookie: string,
  asked: Asked,
  expected: {
    readonly code: string;
    /** What the refusal says, or the beginning of it. */
    readonly message: string | RegExp;
    readonly record: {
      readonly event: string;
      readonly category: string;
      readonly operation: string;
      readonly name: string;
      readonly level?: string;
      readonly before?: unknown;
    };
    /** How many rights were checked; one unless said otherwise. */
    readonly checks?: number;
  },
): Promise<Answer> {
  const { message } = expected;
  const before = await administration.state();
  const { answer, checks, records } = await administration.recorded(cookie, asked);
  expect(answer).toMatchObject({
    status: 409,
    body: { code: expected.code, detail: expect.stringMatching(/; the attempt was recorded$/) },
  });
  expect(await administration.state()).toEqual(before);
  const outcomes = Array.from({ length: expected.checks ?? 1 }, () => 'Success');
  expect(checks.map(({ envelope }) => envelope.outcome)).toEqual(outcomes);
  expect(records.map(told)).toEqual([
    {
      level: 'Failure',
      ...expected.record,
      outcome: 'Failure',
      actor: expect.any(String),
      reason: typeof message === 'string' ? message : expect.stringMatching(message),
    },
  ]);
  expect(answer.body['detail']).toBe(`${records[0]?.content.reason}; the attempt was recorded`);
  expect(answer.body['recordIndex']).toBe(records[0]?.index);
  const subject = attribute(records[0], 'Outcome');
  expect(subject === undefined || subject === 'Failure').toBe(true);
  return answer;
}

/** One action of the administration: what is asked, what is answered, what is recorded. */
export interface Action {
  readonly name: string;
  /** What must be there first, made by the administrator. */
  readonly prepare?: readonly Asked[];
  readonly asked: Asked | (() => Promise<Asked>);
  readonly status: 200 | 201 | 204;
  /** The records beside that of the checked right, in order, as `told` tells them; the actor is `admin`. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly right: string;
  /** Who of the others may do it, too. */
  readonly alsoFor?: readonly (typeof OTHERS)[number][];
}

/** Who else asks: everybody is refused whose roles do not have the right. */
export const OTHERS = ['auditor', 'operator', 'registrar', 'sshadmin', 'nobody'] as const;

/** Cookies of people with one role each; that of `nobody` is a role without any right. */
export async function signInOthers(
  administration: Administration,
  admin: string,
): Promise<Readonly<Record<(typeof OTHERS)[number], string>>> {
  const body = { name: 'Nothing', description: '', permissions: [] };
  await administration.ask(admin, { method: 'POST', path: 'roles', body });
  return {
    auditor: await administration.system.signIn('auditor'),
    operator: await administration.person(admin, 'operator', ['CA Operations']),
    registrar: await administration.person(admin, 'registrar', ['RA']),
    sshadmin: await administration.person(admin, 'sshadmin', ['SSH Server Admin']),
    nobody: await administration.person(admin, 'nobody', ['Nothing']),
  };
}

/** Runs an action as everybody else, who is refused, and then as the administrator. */
export async function expectAction(
  administration: Administration,
  cookies: Readonly<Record<'admin' | (typeof OTHERS)[number], string>>,
  action: Action,
): Promise<Answer> {
  for (const asked of action.prepare ?? []) {
    const { status, body } = await administration.ask(cookies.admin, asked);
    expect([status, body]).toEqual([expect.toSatisfy((n: number) => n < 300), body]);
  }
  const asked = typeof action.asked === 'function' ? await action.asked() : action.asked;
  for (const who of OTHERS) {
    if (action.alsoFor?.includes(who) === true) continue;
    const before = await administration.state();
    const { answer, checks, records } = await administration.recorded(cookies[who], asked);
    expect([who, answer.status, answer.body['code']]).toEqual([who, 403, 'access_denied']);
    expect(await administration.state()).toEqual(before);
    expect(records).toEqual([]);
    expect(checks.map(told)).toEqual([
      {
        event: 'AUTHZ',
        category: 'AuthorizationFailure',
        operation: 'Encountered',
        level: 'Warning',
        outcome: 'Failure',
        actor: who,
        name: undefined,
        reason: 'Authorization Error',
      },
    ]);
    expect(rightOf(checks[0])).toBe(action.right);
  }
  const { answer, checks, records } = await administration.recorded(cookies.admin, asked);
  expect([answer.status, answer.body]).toEqual([action.status, answer.body]);
  expect(checks.map((check) => `${check.envelope.outcome} ${rightOf(check)}`)).toEqual([
    `Success ${action.right}`,
  ]);
  expect(records.map(told)).toEqual(
    action.records.map((record) => ({
      level: 'Information',
      outcome: 'Success',
      actor: 'admin',
      ...record,
    })),
  );
  return answer;
}

function rightOf(check: SeenRecord | undefined): string {
  return `${attribute(check, 'aclResource')}:${attribute(check, 'Op')}`;
}
