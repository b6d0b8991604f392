import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { openLog, type Log } from '@countersign/ledger';
import type { Attribute, CompleteDraft, EventNames } from '@countersign/records';
import { createDataFolder } from '../../data-folder/create.ts';
import { dataPaths } from '../../data-folder/keys.ts';
import { silentLoggers } from '../../logger.ts';
import { OWN_PRODUCER } from '../../recording/recorder.ts';
import { TestClock } from '../../testing/harness.ts';
import { DISK, type Disk } from '../disk.ts';
import { DEFAULT_FILE_SETTINGS, type FileSettings } from '../settings.ts';
import { SignedAudit } from '../signed-audit.ts';

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
  readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly clock = new TestClock();
  readonly #next = new Map<string, number>();

  private constructor(log: Log) {
    this.log = log;
  }

  static async create(dir: string): Promise<Bench> {
    const data = join(dir, 'data');
    const { origin, signers } = await createDataFolder(data, { origin: 'example.com/files' });
    return new Bench(await openLog({ dir: dataPaths(data).log, origin, signers }));
  }

  /** Appends a record; of the server's own if nobody else is named. */
  async say(said: Said = {}): Promise<void> {
    const { producer = OWN_PRODUCER } = said;
    const seq = this.#next.get(producer) ?? 1;
    await this.log.append(producer, [draftOf(seq, said)]);
    this.#next.set(producer, seq + 1);
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
