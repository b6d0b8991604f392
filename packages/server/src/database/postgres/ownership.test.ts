import { basename } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { silentLoggers } from '../../logger.ts';
import { startTestServer, stateOf, temporaryFolder, testConfig } from '../../testing/harness.ts';
import { clusterOfRun } from '../../testing/postgres/databases.ts';
import { startProxy } from '../../testing/postgres/proxy.ts';
import { RecorderBench } from '../../testing/recorder-bench.ts';
import { parseStateLocation } from '../location.ts';
import { openState } from '../open.ts';

const owner = { log: 'log.example', logger: silentLoggers('server:test') };

test('a second server is refused, and told who has the database', async () => {
  const location = stateOf(await temporaryFolder());
  const { state } = await openState(location, owner);
  await expect(openState(location, owner)).rejects.toMatchObject({
    code: 'state_locked',
    message: expect.stringMatching(
      /^postgres:\/\/\S+ is in use by another server \("countersign \S+ \d+" at this machine, PostgreSQL process \d+\): a database has one server$/,
    ),
  });
  // Somebody who works beside it for a moment is not.
  const beside = await openState(location);
  await beside.state.close();
  await state.close();
  const next = await openState(location, owner);
  await next.state.close();
});

test('the state of one log does not serve another', async () => {
  const location = stateOf(await temporaryFolder());
  const { state } = await openState(location, owner);
  await state.close();
  await expect(openState(location, { ...owner, log: 'other.example' })).rejects.toMatchObject({
    code: 'state_foreign',
    message: expect.stringMatching(
      /^postgres:\S+ holds the state of the log "log.example", the data folder has the log "other.example"$/,
    ),
  });
});

test('whoever has lost the lock to another server never writes again', async () => {
  const dir = await temporaryFolder();
  const proxy = await startProxy(clusterOfRun(), basename(dir));
  const b = await new RecorderBench(dir, proxy.location).open();
  await b.change('one');
  const lost = new Promise<void>((resolve) => b.state.onTrouble(() => resolve()));
  proxy.cut();
  await lost;
  await expect(b.change('two')).rejects.toMatchObject({ code: 'state_unavailable' });
  // Another server comes and goes.
  const other = await openState(stateOf(dir), {
    ...owner,
    log: b.log.checkpoint.split('\n')[0] ?? '',
  });
  await other.state.close();
  const replaced = new Promise<void>((resolve) =>
    b.state.onTrouble((reason) => {
      if (reason?.includes('another server') === true) resolve();
    }),
  );
  proxy.restore();
  await replaced;
  await expect(b.change('three')).rejects.toMatchObject({
    code: 'state_unavailable',
    message: expect.stringMatching(
      /another server has worked with postgres:\S+ meanwhile; start this one again$/,
    ),
  });
  expect(await b.said()).toEqual(['one']);
  await b.crash();
  await proxy.close();
});

test('a database that cannot be reached is named, without the password', async () => {
  const location = parseStateLocation('postgres://user:hunter2@127.0.0.1:1/state');
  if (location === null) throw new Error('not a location');
  const failure: unknown = await openState(location, owner).catch((error: unknown) => error);
  expect(String(failure)).toBe(
    'StateUnreachable: postgres://127.0.0.1:1/state: connect ECONNREFUSED 127.0.0.1:1',
  );
  const config = testConfig('/nowhere', { database: 'postgres://user:hunter2@127.0.0.1:1/state' });
  for (const shown of [inspect(failure), inspect(config, { depth: 9 }), JSON.stringify(config)])
    expect(shown).not.toContain('hunter2');
});

test('a server whose database is gone refuses, says so, and goes on when it is back', async () => {
  const dir = await temporaryFolder();
  const proxy = await startProxy(clusterOfRun(), basename(dir));
  const system = await startTestServer({ dir, args: { database: proxy.location.url } });
  const cookie = await system.signIn('auditor');
  const { state } = system.server.platform;
  const lost = new Promise<void>((resolve) => state.onTrouble(() => resolve()));
  proxy.cut();
  await lost;
  const refused = await system.request('/api/v1/audit/records', { cookie });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ code: 'state_unavailable' });
  const health = await system.request('/api/v1/audit/health');
  expect(await health.json()).toMatchObject({ status: 'failing' });

  const back = new Promise<void>((resolve) =>
    state.onTrouble((reason) => {
      if (reason === null) resolve();
    }),
  );
  proxy.restore();
  await back;
  const answer = await system.request('/api/v1/audit/records', { cookie });
  expect(answer.status).toBe(200);
  const records = await system.records();
  const outages = records.filter(({ envelope }) => envelope.event === 'AUDIT_LOG_UNAVAILABLE');
  expect(outages).toHaveLength(1);
  expect(outages[0]?.content.reason).toContain('is lost: ');
  await system.server.close();
  await proxy.close();
});
