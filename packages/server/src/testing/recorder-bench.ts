import { expect } from 'vitest';
import { LedgerError, openLog, type Log } from '@countersign/ledger';
import { parseContent } from '@countersign/records';
import { createDataFolder } from '../data-folder/create.ts';
import { dataPaths } from '../data-folder/keys.ts';
import type { StateLocation } from '../database/location.ts';
import { openState, type State } from '../database/open.ts';
import type { StateDatabase } from '../database/schema.ts';
import { silentLoggers } from '../logger.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { OWN_PRODUCER, Recorder, type LogPort } from '../recording/recorder.ts';
import { stateOf, temporaryFolder } from './harness.ts';

export const NOW = new Date('2026-11-22T05:00:00.000Z');
const logger = silentLoggers('server:test');

/** A record of which only one thing is looked at: who said it. */
export function said(what: string): OwnDraft {
  return {
    event: 'AUTH',
    outcome: 'Success',
    content: { actor: { id: what, kind: 'system' }, source: { system: 'test' } },
  };
}

/** A recorder over a folder and a state, without a server; the log's appends can be made to fail before or after they have happened. */
export class RecorderBench {
  readonly dir: string;
  readonly location: StateLocation;
  log!: Log;
  state!: State;
  writer!: StateDatabase;
  recorder!: Recorder;
  fails: 'no' | 'before' | 'after' = 'no';
  appends = 0;

  constructor(dir: string, location: StateLocation = stateOf(dir)) {
    this.dir = dir;
    this.location = location;
  }

  async open(start = true): Promise<this> {
    const keys = await createDataFolder(this.dir);
    const paths = dataPaths(this.dir);
    this.log = await openLog({ dir: paths.log, origin: keys.origin, signers: keys.signers });
    const { state, writer } = await openState(this.location, { log: keys.origin, logger });
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

  /** Resolves when the state can be changed. */
  async restored(): Promise<void> {
    if (this.state.trouble() === null) return;
    await new Promise<void>((resolve) => {
      this.state.onTrouble((trouble) => {
        if (trouble === null) resolve();
      });
    });
  }

  /** Makes a change, and its record. */
  async change(key: string): Promise<void> {
    await this.recorder.audited(async (tx) => {
      await tx.db.insertInto('settings').values({ key, value: 'set' }).execute();
      tx.record(said(key));
    });
  }

  /** The changes that are in the state. */
  async settings(): Promise<string[]> {
    const rows = await this.state.db.selectFrom('settings').select('key').orderBy('key').execute();
    return rows.map(({ key }) => key);
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

/** A bench over a folder of its own. */
export async function recorderBench(): Promise<RecorderBench> {
  return await new RecorderBench(await temporaryFolder()).open();
}
