import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { openLog, type Log } from '@countersign/ledger';
import type { Attribute, CompleteDraft, EventNames } from '@countersign/records';
import { createDataFolder } from '../../data-folder/create.ts';
import { dataPaths } from '../../data-folder/keys.ts';
import { silentLoggers } from '../../logger.ts';
import { OWN_PRODUCER } from '../../recording/recorder.ts';
import { TestClock } from '../../testing/clock.ts';
import { DISK, type Disk } from '../disk.ts';
import { DEFAULT_FILE_SETTINGS, type FileSettings } from '../settings.ts';
import { SignedAudit } from '../signed-audit.ts';

/** The key the files are signed with, and the one that verifies them. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What a record says beyond its number. */
export interface Said {
  readonly producer?: string;
  readonly event?: string;
  readonly outcome?: 'Success' | 'Failure';
  readonly user?: string;
  readonly attributes?: readonly Attribute[];
}

/** A log and the files beside it, for processes that come and go. */
export class Bench {
  readonly log: Log;
  readonly keys: KeyPair;
  readonly clock = new TestClock();

  private constructor(log: Log, keys: KeyPair) {
    this.log = log;
    this.keys = keys;
  }

  static async create(dir: string): Promise<Bench> {
    return await Bench.open(dir, generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  }

  /** Goes on with a folder. */
  static async open(dir: string, keys: KeyPair): Promise<Bench> {
    const data = join(dir, 'data');
    const { origin, signers } = await createDataFolder(data, { origin: 'example.com/files' });
    return new Bench(await openLog({ dir: dataPaths(data).log, origin, signers }), keys);
  }

  /** Appends a record; of the server's own if nobody else is named. */
  async say(said: Said = {}): Promise<void> {
    await say(this.log, said);
  }

  /** A process that writes the files of a folder; it sees the log up to `view.size`. */
  begin(
    folder: string,
    options: {
      readonly view?: Pick<Log, 'size' | 'reader' | 'onCommit'>;
      readonly disk?: Disk;
      readonly settings?: Partial<FileSettings>;
      readonly eventNames?: EventNames;
      readonly key?: KeyObject;
    } = {},
  ): SignedAudit {
    const { view = this.log, disk = DISK, settings = {}, eventNames = 'current' } = options;
    return new SignedAudit({
      log: view,
      folder: join(folder, 'signedAudit'),
      journalPath: join(folder, 'signedAudit.journal'),
      key: options.key ?? this.keys.privateKey,
      eventNames,
      settings: { ...DEFAULT_FILE_SETTINGS, ...settings },
      clock: this.clock.read,
      logger: silentLoggers('server:test'),
      disk,
    });
  }
}

/** Appends a record; of the server's own if nobody else is named. */
export async function say(log: Log, said: Said = {}): Promise<void> {
  const { producer = OWN_PRODUCER } = said;
  await log.append(producer, [draftOf(log.nextSeq(producer), said)]);
}

function draftOf(seq: number, said: Said): CompleteDraft {
  const { event = 'AUTH', outcome = 'Success', user = `user${seq}` } = said;
  const attributes = said.attributes ?? [
    ['SubjectID', user],
    ['Outcome', outcome],
    ['AuthMgr', 'certUserDBAuthMgr'],
  ];
  return {
    seq,
    event,
    outcome,
    time: '2026-11-22T05:00:00.000Z',
    category: 'Authentication',
    operation: 'Authenticated',
    level: 'Information',
    retention: 'normal',
    content: {
      actor: { id: user, kind: 'user' },
      source: { system: 'countersign', component: 'server' },
      attributes,
    },
  };
}
