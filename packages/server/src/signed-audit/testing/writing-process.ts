/** Writes a log and its signed files until it is killed: `node writing-process.ts FOLDER`, says `ready` once it writes. */
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLog } from '@countersign/ledger';
import { dataPaths, loadLogKeys } from '../../data-folder/keys.ts';
import { silentLoggers } from '../../logger.ts';
import { DEFAULT_FILE_SETTINGS } from '../settings.ts';
import { SignedAudit } from '../signed-audit.ts';
import { say } from './bench.ts';

const folder = process.argv[2] ?? '';
const data = join(folder, 'data');
const { origin, signers } = await loadLogKeys(data);
const log = await openLog({ dir: dataPaths(data).log, origin, signers });
const audit = new SignedAudit({
  log,
  folder: join(folder, 'signedAudit'),
  journalPath: join(folder, 'signedAudit.journal'),
  key: createPrivateKey(await readFile(join(folder, 'key.pem'))),
  eventNames: 'current',
  settings: { ...DEFAULT_FILE_SETTINGS, maxFileSize: 3 },
  clock: () => new Date(),
  logger: silentLoggers('server:test'),
});
process.stdout.write('ready\n');
for (;;) {
  await say(log);
  await say(log, { producer: 'pki1' });
  await audit.idle();
  if (audit.failure !== null) throw new Error(audit.failure);
}
