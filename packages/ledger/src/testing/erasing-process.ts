/**
 * A process that erases the content of a record and kills itself on the way, for erase.test.ts. Arguments: folder, index,
 * which call of the disk it dies at, and whether it dies before or after that call. Prints `done` when there was none.
 */
import { writeSync } from 'node:fs';
import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { nodeDisk, type Disk } from '../disk.ts';
import { openLog } from '../open-log.ts';
import { draftsOf, erasedDraft, KEY_SEED, ORIGIN, SMALL_LAYOUT } from './test-log.ts';

const [dir = '', index = '0', at = 'Infinity', when = 'before'] = process.argv.slice(2);
let left = Infinity;

function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

const disk = new Proxy(nodeDisk, {
  get(target, name: keyof Disk) {
    const call = target[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      const last = left-- === 0;
      if (last && when === 'before') die();
      const result = call(...args);
      if (!last) return result;
      if (result instanceof Promise) return result.then(die);
      die();
      return result;
    };
  },
});

const signers = [parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', KEY_SEED))];
const log = await openLog({ dir, origin: ORIGIN, signers, layout: SMALL_LAYOUT, disk });
await log.append('ca', draftsOf(1, 20));
left = Number(at);
const [erasure] = await log.append('countersign', [erasedDraft(1, Number(index))]);
await log.erase(Number(index), erasure?.index ?? 0);
left = Infinity;
writeSync(1, 'done\n');
await log.close();
