import { describe, expect, test } from 'vitest';
import { createProducer } from '../producers/create-producer.ts';
import { stateOf, temporaryFolder } from '../testing/harness.ts';
import { NOW, recorderBench, RecorderBench, said } from '../testing/recorder-bench.ts';
import type { OwnDraft } from './draft.ts';
import { readOutbox } from './outbox.ts';

/** Waits until the recorder tries the log again after a failure. */
async function afterRetry(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1_100);
  });
}

describe('records that stand for themselves', () => {
  test('resolve with their index, in order', async () => {
    const b = await recorderBench();
    expect(await b.recorder.record(said('a'))).toBe(0);
    expect(await b.recorder.record(said('b'))).toBe(1);
    expect(await b.said()).toEqual(['a', 'b']);
  });

  test('share appends when they come together', async () => {
    const b = await recorderBench();
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => await b.recorder.record(said(`r${i}`))),
    );
    expect(await b.said()).toHaveLength(500);
    expect(b.appends).toBeLessThan(5);
  });

  test('are refused at once while the log fails, and their numbers are given to the next', async () => {
    const b = await recorderBench();
    await b.recorder.record(said('a'));
    b.fails = 'before';
    await expect(b.recorder.record(said('lost'))).rejects.toMatchObject({
      code: 'log_unavailable',
      message: 'nothing can be done without its record: no space left on device',
    });
    const tries = b.appends;
    await expect(b.recorder.record(said('lost'))).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    expect(b.appends).toBe(tries);
    expect(b.recorder.failure).toBe('no space left on device');
    b.fails = 'no';
    await afterRetry();
    await b.recorder.record(said('b'));
    expect(b.recorder.failure).toBeNull();
    expect(await b.said()).toEqual(['a', 'b', '$System$']);
  });

  test('one that cannot be stored does not take the others with it', async () => {
    const b = await recorderBench();
    const broken: OwnDraft = { ...said('x'), event: 'not an event name' };
    const results = await Promise.allSettled([
      b.recorder.record(said('a')),
      b.recorder.record(broken),
      b.recorder.record(said('b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await b.said()).toEqual(['a', 'b']);
  });
});

describe('changes with their records', () => {
  test('are both there, or neither', async () => {
    const b = await recorderBench();
    await b.change('one');
    await expect(
      b.recorder.audited(async (tx) => {
        await tx.db.insertInto('settings').values({ key: 'two', value: '' }).execute();
        tx.record(said('two'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(b.change('one')).rejects.toThrow(/unique/i);
    await b.change('three');
    expect(await b.settings()).toEqual(['one', 'three']);
    expect(await b.said()).toEqual(['one', 'three']);
  });

  test('mixed with other records keep gap-free numbers', async () => {
    const b = await recorderBench();
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        await (i % 3 === 0 ? b.change(`c${i}`) : b.recorder.record(said(`r${i}`)));
      }),
    );
    expect(new Set(await b.said()).size).toBe(60);
    expect(await b.settings()).toHaveLength(20);
  });

  test('are refused before they are made while the log fails', async () => {
    const b = await recorderBench();
    b.fails = 'before';
    await expect(b.recorder.record(said('probe'))).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    await expect(b.change('one')).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await b.settings()).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'whose append fails %s it happened are brought in exactly once when the log works again',
    async (when) => {
      const b = await recorderBench();
      await b.change('one');
      b.fails = when;
      // The change is committed with its record: it stands, and the record is in the outbox.
      await b.change('two');
      expect(await b.settings()).toEqual(['one', 'two']);
      b.fails = 'no';
      await afterRetry();
      await b.recorder.idle();
      await b.change('three');
      // Between them the outage is recorded, once.
      const said = await b.said();
      expect(said.filter((who) => who !== '$System$')).toEqual(['one', 'two', 'three']);
      expect(said).toHaveLength(4);
    },
  );

  test.each(['before', 'after'] as const)(
    'survive a crash %s the append: the next start brings them in exactly once',
    async (when) => {
      const dir = await temporaryFolder();
      const first = await new RecorderBench(dir).open();
      await first.change('one');
      await first.recorder.record(said('read'));
      first.fails = when;
      await first.change('two');
      expect(await readOutbox(first.state.db)).not.toEqual([]);
      await first.crash();

      const second = await new RecorderBench(dir).open();
      expect(await second.said()).toEqual(['one', 'read', 'two']);
      await second.change('three');
      expect(await second.said()).toEqual(['one', 'read', 'two', 'three']);
      await second.recorder.close();
      expect(await readOutbox(second.state.db)).toEqual([]);
    },
  );

  test('made at the console get their numbers from the running server', async () => {
    const b = await recorderBench();
    await b.recorder.record(said('a'));
    await createProducer({ data: b.dir, database: stateOf(b.dir), name: 'ca1', clock: () => NOW });
    await b.recorder.adopt();
    await b.recorder.record(said('b'));
    expect(await b.said()).toEqual(['a', '$System$', 'b']);
    // Without a running server, the next one brings it in.
    await b.crash();
    await createProducer({ data: b.dir, database: stateOf(b.dir), name: 'ca2', clock: () => NOW });
    const next = await new RecorderBench(b.dir).open();
    expect(await next.said()).toEqual(['a', '$System$', 'b', '$System$']);
  });

  test('do not fit a log that was cut back: the start says so', async () => {
    const dir = await temporaryFolder();
    const first = await new RecorderBench(dir).open();
    await first.writer.insertInto('outbox').values({ seq: 5, draft: '{}' }).execute();
    await first.crash();
    const second = await new RecorderBench(dir).open(false);
    await expect(second.recorder.start()).rejects.toThrow(
      'the log expects record 1 of "countersign", but the outbox begins with 5: the log has been cut back or belongs to another state.db',
    );
  });
});
