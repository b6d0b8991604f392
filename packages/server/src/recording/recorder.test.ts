import { describe, expect, test } from 'vitest';
import { LedgerError, openLog, type Log } from '@countersign/ledger';
import { parseContent } from '@countersign/records';
import { createDataFolder } from '../data-folder/create.ts';
import { dataPaths } from '../data-folder/keys.ts';
import { openState, type State } from '../database/open.ts';
import type { StateDatabase } from '../database/schema.ts';
import { silentLoggers } from '../logger.ts';
import { createProducer } from '../producers/create-producer.ts';
import { stateOf, temporaryFolder } from '../testing/harness.ts';
import type { OwnDraft } from './draft.ts';
import { readOutbox } from './outbox.ts';
import { OWN_PRODUCER, Recorder, type LogPort } from './recorder.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');
const logger = silentLoggers('server:test');

function said(what: string): OwnDraft {
  return {
    event: 'AUTH',
    outcome: 'Success',
    content: { actor: { id: what, kind: 'system' }, source: { system: 'test' } },
  };
}

/** A log over a folder, whose appends can be made to fail before or after they have happened. */
class Bench {
  readonly dir: string;
  log!: Log;
  state!: State;
  writer!: StateDatabase;
  recorder!: Recorder;
  fails: 'no' | 'before' | 'after' = 'no';
  appends = 0;

  constructor(dir: string) {
    this.dir = dir;
  }

  async open(start = true): Promise<this> {
    const keys = await createDataFolder(this.dir);
    const paths = dataPaths(this.dir);
    this.log = await openLog({ dir: paths.log, origin: keys.origin, signers: keys.signers });
    const { state, writer } = await openState(stateOf(this.dir), { log: keys.origin, logger });
    this.state = state;
    this.writer = writer;
    const port: LogPort = {
      append: async (producer, drafts) => {
        this.appends += 1;
        if (this.fails === 'before')
          throw new LedgerError('log_unavailable', 'no space left on device');
        const appended = await this.log.append(producer, drafts);
        if (this.fails === 'after') throw new LedgerError('log_unavailable', 'the answer was lost');
        return appended;
      },
      nextSeq: (producer) => this.log.nextSeq(producer),
    };
    this.recorder = new Recorder({
      state: this.state,
      writer,
      log: port,
      clock: () => NOW,
      logger,
    });
    if (start) await this.recorder.start();
    return this;
  }

  /** Lets go of everything as a crash would: what is on disk is all that is left. */
  async crash(): Promise<void> {
    await this.log.close();
    await this.state.close();
  }

  /** Who said what, in the order of the log, with gap-free numbers. */
  async said(): Promise<string[]> {
    await this.recorder.idle();
    const said: string[] = [];
    if (this.log.size === 0) return said;
    for await (const batch of this.log.reader.readRange(0, this.log.size)) {
      for (const { envelope, contentBytes } of batch) {
        expect(envelope.producer).toBe(OWN_PRODUCER);
        expect(envelope.seq).toBe(said.length + 1);
        said.push(parseContent(contentBytes ?? new Uint8Array()).actor.id);
      }
    }
    return said;
  }
}

async function bench(): Promise<Bench> {
  return await new Bench(await temporaryFolder()).open();
}

/** Waits until the recorder tries the log again after a failure. */
async function afterRetry(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1_100);
  });
}

describe('records that stand for themselves', () => {
  test('resolve with their index, in order', async () => {
    const b = await bench();
    expect(await b.recorder.record(said('a'))).toBe(0);
    expect(await b.recorder.record(said('b'))).toBe(1);
    expect(await b.said()).toEqual(['a', 'b']);
  });

  test('share appends when they come together', async () => {
    const b = await bench();
    await Promise.all(
      Array.from({ length: 500 }, async (_, i) => await b.recorder.record(said(`r${i}`))),
    );
    expect(await b.said()).toHaveLength(500);
    expect(b.appends).toBeLessThan(5);
  });

  test('are refused at once while the log fails, and their numbers are given to the next', async () => {
    const b = await bench();
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
    const b = await bench();
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
  async function change(b: Bench, key: string): Promise<void> {
    await b.recorder.audited(async (tx) => {
      await tx.db.insertInto('settings').values({ key, value: 'set' }).execute();
      tx.record(said(key));
    });
  }
  async function settings(b: Bench): Promise<string[]> {
    const rows = await b.state.db.selectFrom('settings').select('key').orderBy('key').execute();
    return rows.map(({ key }) => key);
  }

  test('are both there, or neither', async () => {
    const b = await bench();
    await change(b, 'one');
    await expect(
      b.recorder.audited(async (tx) => {
        await tx.db.insertInto('settings').values({ key: 'two', value: '' }).execute();
        tx.record(said('two'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(change(b, 'one')).rejects.toThrow(/unique/i);
    await change(b, 'three');
    expect(await settings(b)).toEqual(['one', 'three']);
    expect(await b.said()).toEqual(['one', 'three']);
  });

  test('mixed with other records keep gap-free numbers', async () => {
    const b = await bench();
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        await (i % 3 === 0 ? change(b, `c${i}`) : b.recorder.record(said(`r${i}`)));
      }),
    );
    expect(new Set(await b.said()).size).toBe(60);
    expect(await settings(b)).toHaveLength(20);
  });

  test('are refused before they are made while the log fails', async () => {
    const b = await bench();
    b.fails = 'before';
    await expect(b.recorder.record(said('probe'))).rejects.toMatchObject({
      code: 'log_unavailable',
    });
    await expect(change(b, 'one')).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(await settings(b)).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'whose append fails %s it happened are brought in exactly once when the log works again',
    async (when) => {
      const b = await bench();
      await change(b, 'one');
      b.fails = when;
      // The change is committed with its record: it stands, and the record is in the outbox.
      await change(b, 'two');
      expect(await settings(b)).toEqual(['one', 'two']);
      b.fails = 'no';
      await afterRetry();
      await b.recorder.idle();
      await change(b, 'three');
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
      const first = await new Bench(dir).open();
      await change(first, 'one');
      await first.recorder.record(said('read'));
      first.fails = when;
      await change(first, 'two');
      expect(await readOutbox(first.state.db)).not.toEqual([]);
      await first.crash();

      const second = await new Bench(dir).open();
      expect(await second.said()).toEqual(['one', 'read', 'two']);
      await change(second, 'three');
      expect(await second.said()).toEqual(['one', 'read', 'two', 'three']);
      await second.recorder.close();
      expect(await readOutbox(second.state.db)).toEqual([]);
    },
  );

  test('made at the console get their numbers from the running server', async () => {
    const b = await bench();
    await b.recorder.record(said('a'));
    await createProducer({ data: b.dir, database: stateOf(b.dir), name: 'ca1', clock: () => NOW });
    await b.recorder.adopt();
    await b.recorder.record(said('b'));
    expect(await b.said()).toEqual(['a', '$System$', 'b']);
    // Without a running server, the next one brings it in.
    await b.crash();
    await createProducer({ data: b.dir, database: stateOf(b.dir), name: 'ca2', clock: () => NOW });
    const next = await new Bench(b.dir).open();
    expect(await next.said()).toEqual(['a', '$System$', 'b', '$System$']);
  });

  test('do not fit a log that was cut back: the start says so', async () => {
    const dir = await temporaryFolder();
    const first = await new Bench(dir).open();
    await first.writer.insertInto('outbox').values({ seq: 5, draft: '{}' }).execute();
    await first.crash();
    const second = await new Bench(dir).open(false);
    await expect(second.recorder.start()).rejects.toThrow(
      'the log expects record 1 of "countersign", but the outbox begins with 5: the log has been cut back or belongs to another state.db',
    );
  });
});
