import { expect, test } from 'vitest';
import { KEYFACTOR_ACTIONS, type KeyfactorAction } from '@countersign/records';
import { sql } from 'kysely';
import type { SeenRecord, TestServer } from '../harness.ts';

/** A request, as one of the people of the table makes it. */
export interface ActionRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  readonly path: string;
  readonly body?: unknown;
}

/** How one of Keyfactor's actions is done here. */
export interface Performed {
  /** Its number in Keyfactor's table. */
  readonly id: number;
  /** Who may. */
  readonly as: string;
  /** Who may not. */
  readonly not: string;
  /** Makes what the action needs, unobserved, and says how it is asked for and by which name its record is found. */
  readonly prepare: () => Promise<{
    readonly request: ActionRequest;
    readonly name: string | RegExp;
  }>;
  /** What follows the request and belongs to the action: a schedule that comes due. */
  readonly follow?: () => Promise<void>;
  /** Records that belong to another action which this one brings about, by event. */
  readonly along?: readonly string[];
}

/** One person of the table: the user name, and the cookie of a session. */
export interface Person {
  readonly username: string;
  readonly cookie: string;
}

/** Tables whose content is no state that anybody audits: counters, sessions, records on their way. */
const UNWATCHED = /^(?:sqlite_|kysely_|outbox$|sessions$|lockouts$)/;

/** Everything the state holds, table by table. */
export async function stateOf(system: TestServer): Promise<Map<string, string>> {
  const db = system.behind;
  const tables = await db.introspection.getTables();
  const state = new Map<string, string>();
  for (const { name } of tables) {
    if (UNWATCHED.test(name)) continue;
    const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(db);
    const seen = rows.map((row) => JSON.stringify({ ...row, last_sign_in_at: null }));
    state.set(name, seen.sort().join('\n'));
  }
  return state;
}

/** Declares a test for each action: done by who may, refused to who may not. */
export function testActions(
  system: TestServer,
  people: (name: string) => Person,
  table: readonly Performed[],
): void {
  test.each(table.map((row) => [row.id, actionOf(row.id).action, row] as const))(
    'action %i: %s',
    async (_id, _title, row) => {
      const action = actionOf(row.id);
      const { request, name } = await row.prepare();
      await expectRefused(system, people(row.not), request);
      const before = await stateOf(system);
      const records = await recordsOf(system, async () => {
        const answer = await ask(system, people(row.as), request);
        if (!answer.ok) throw new Error(await answer.text());
        await row.follow?.();
      });
      const changed = [...(await stateOf(system))].some(
        ([key, value]) => before.get(key) !== value,
      );
      const own = records.filter(({ envelope }) => !(row.along ?? []).includes(envelope.event));
      if (changed) expect(own).not.toEqual([]);
      expect(own.map((record) => told(record))).toEqual([
        {
          category: action.category,
          operation: action.operation,
          level: action.level,
          outcome: expect.stringMatching(/^(?:Success|Failure)$/),
          actor: row.follow === undefined ? people(row.as).username : expect.any(String),
          name: typeof name === 'string' ? name : expect.stringMatching(name),
          before: action.before,
          after: action.after,
        },
      ]);
      const along = records.filter((record) => !own.includes(record));
      expect(along.map(({ envelope }) => envelope.event)).toEqual(row.along ?? []);
    },
  );
}

/** The numbers of the areas' actions that the table leaves out. */
export function missingActions(areas: readonly string[], table: readonly Performed[]): number[] {
  const there = new Set(table.map(({ id }) => id));
  return KEYFACTOR_ACTIONS.filter(({ area, id }) => areas.includes(area) && !there.has(id)).map(
    ({ id }) => id,
  );
}

/** Sends a request as a person. */
export async function ask(system: TestServer, { cookie }: Person, request: ActionRequest) {
  return await system.request(request.path, {
    method: request.method,
    cookie,
    ...(request.body === undefined ? {} : { body: request.body }),
  });
}

async function expectRefused(system: TestServer, person: Person, request: ActionRequest) {
  const before = await stateOf(system);
  const seen = await system.recordsOf(async () => {
    expect((await ask(system, person, request)).status).toBe(403);
  });
  expect(await stateOf(system)).toEqual(before);
  expect(
    seen.map(({ envelope, content }) => ({ ...pick(envelope), actor: content.actor.id })),
  ).toEqual([
    {
      event: 'AUTHZ',
      category: 'AuthorizationFailure',
      operation: 'Encountered',
      outcome: 'Failure',
      actor: person.username,
    },
  ]);
}

async function recordsOf(system: TestServer, work: () => Promise<void>): Promise<SeenRecord[]> {
  const seen = await system.recordsOf(work);
  // Lists of revoked certificates are made by the clock, whoever is looking.
  return seen.filter(({ envelope }) => envelope.event !== 'AUTHZ' && envelope.category !== 'Crl');
}

function pick({ event, category, operation, outcome }: SeenRecord['envelope']) {
  return { event, category, operation, outcome };
}

function told({ envelope, content }: SeenRecord) {
  const { category, operation, level, outcome } = envelope;
  return {
    category,
    operation,
    level,
    outcome,
    actor: content.actor.id,
    name: content.target?.name,
    before: content.before !== undefined,
    after: content.after !== undefined,
  };
}

function actionOf(id: number): KeyfactorAction {
  const action = KEYFACTOR_ACTIONS.find((known) => known.id === id);
  if (action === undefined) throw new RangeError(`there is no action ${id}`);
  return action;
}
