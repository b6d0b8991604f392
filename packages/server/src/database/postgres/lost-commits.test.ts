import { basename } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createProducer } from '../../producers/create-producer.ts';
import { temporaryFolder } from '../../testing/harness.ts';
import { clusterOfRun } from '../../testing/postgres/databases.ts';
import { startProxy, type Proxy } from '../../testing/postgres/proxy.ts';
import { RecorderBench, said } from '../../testing/recorder-bench.ts';
import { readOutbox } from '../../recording/outbox.ts';

const undo: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** A recorder whose state is behind a connection that can be cut. */
async function bench(): Promise<{ b: RecorderBench; proxy: Proxy }> {
  const dir = await temporaryFolder();
  const proxy = await startProxy(clusterOfRun(), basename(dir));
  undo.push(async () => await proxy.close());
  const b = await new RecorderBench(dir, proxy.location).open();
  undo.push(async () => await b.crash());
  return { b, proxy };
}

test('a commit whose answer is lost is found, and its record is there once', async () => {
  const { b, proxy } = await bench();
  await b.change('one');
  proxy.cutAtCommit('after');
  // Nobody is told anything but that it is done.
  await b.change('two');
  await b.change('three');
  expect(await b.settings()).toEqual(['one', 'three', 'two']);
  expect((await b.said()).filter((who) => who !== '$System$')).toEqual(['one', 'two', 'three']);
});

test('a commit that never came is refused, and leaves neither change nor record', async () => {
  const { b, proxy } = await bench();
  await b.change('one');
  proxy.cutAtCommit('before');
  await expect(b.change('two')).rejects.toMatchObject({
    code: 'state_unavailable',
    message: expect.stringContaining('the state cannot be used: '),
  });
  await b.change('three');
  expect(await b.settings()).toEqual(['one', 'three']);
  expect((await b.said()).filter((who) => who !== '$System$')).toEqual(['one', 'three']);
});

test('a session that PostgreSQL takes for alive is ended: it would keep the lock', async () => {
  const { b, proxy } = await bench();
  await b.change('one');
  proxy.cutAtCommit('unnoticed');
  await expect(b.change('two')).rejects.toMatchObject({ code: 'state_unavailable' });
  await b.change('three');
  expect(await b.settings()).toEqual(['one', 'three']);
});

test('the outage is recorded once', async () => {
  const { b, proxy } = await bench();
  proxy.cutAtCommit('after');
  await b.change('one');
  await b.recorder.idle();
  expect((await b.said()).toSorted()).toEqual(['$System$', 'one']);
});

test.each(['before', 'after'] as const)(
  'rows of another process whose numbering is cut off %s the commit come into the log once',
  async (when) => {
    const { b, proxy } = await bench();
    await b.change('one');
    await createProducer({ data: b.dir, database: b.location, name: 'ca' });
    proxy.cutAtCommit(when);
    const adopted = b.recorder.adopt();
    if (when === 'after') await adopted;
    else await expect(adopted).rejects.toMatchObject({ code: 'state_unavailable' });
    await b.restored();
    await b.change('two');
    // The version has changed with that, as it has each time the clock asks.
    await b.recorder.adopt();
    await b.recorder.idle();
    // The producer's record, and that of the outage.
    expect((await b.said()).toSorted()).toEqual(['$System$', '$System$', 'one', 'two']);
  },
);

test('while a commit is undecided nothing is recorded, and the next start decides it', async () => {
  const { b, proxy } = await bench();
  await b.change('one');
  // The answer is lost, and there is no way back.
  const lost = new Promise<void>((resolve) => {
    b.state.onTrouble(() => {
      proxy.cut();
      resolve();
    });
  });
  proxy.cutAtCommit('after');
  const undecided = b.change('two');
  undecided.catch(() => undefined);
  await lost;
  await expect(b.recorder.record(said('a read'))).rejects.toMatchObject({
    code: 'state_unavailable',
  });
  await expect(b.change('three')).rejects.toMatchObject({ code: 'state_unavailable' });
  // The server is told to stop.
  b.state.giveUp();
  await expect(undecided).rejects.toMatchObject({
    code: 'state_unavailable',
    message: expect.stringContaining('whether the change was made is not known'),
  });
  await b.recorder.close();
  expect(await b.said()).toEqual(['one']);
  await b.crash();

  proxy.restore();
  const next = await new RecorderBench(b.dir, b.location).open();
  expect(await next.said()).toEqual(['one', 'two']);
  expect(await next.settings()).toEqual(['one', 'two']);
  await next.recorder.close();
  expect(await readOutbox(next.state.db)).toEqual([]);
  await next.crash();
});

test('however often it is cut: each change has its record, and each record its change', async () => {
  const { b, proxy } = await bench();
  const done: string[] = [];
  const refused: string[] = [];
  for (let i = 0; i < 40; i += 1) {
    await b.restored();
    if (i % 3 !== 0) proxy.cutAtCommit(i % 2 === 0 ? 'before' : 'after');
    // Beside it somebody reads, which is recorded as well, or refused.
    const reading = b.recorder.record(said('$System$')).catch(() => null);
    const key = `c${String(i).padStart(2, '0')}`;
    await b.change(key).then(
      () => done.push(key),
      () => refused.push(key),
    );
    await reading;
  }
  await b.restored();
  expect(done.length).toBeGreaterThan(10);
  expect(refused.length).toBeGreaterThan(5);
  expect(await b.settings()).toEqual(done);
  expect((await b.said()).filter((who) => who !== '$System$')).toEqual(done);
});
