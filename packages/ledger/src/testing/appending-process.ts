/**
 * A process that appends until it is killed, for kill.test.ts. Arguments: folder, seed. Prints `opening`, `ready`, then
 * for each acknowledged record its producer, number and index: only what was acknowledged, as soon as it was.
 */
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { openLog } from '../open-log.ts';
import { draftsOf, KEY_SEED, ORIGIN, SMALL_LAYOUT } from './test-log.ts';

const [dir = '', seed = '1'] = process.argv.slice(2);
let state = Number(seed);
/** A small deterministic generator: the test prints the seed of a failure. */
function random(below: number): number {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state % below;
}

// Written at exit otherwise, and this process never gets there.
flushCompileCache();
writeSync(1, 'opening\n');
const signers = [parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', KEY_SEED))];
const log = await openLog({ dir, origin: ORIGIN, signers, layout: SMALL_LAYOUT });
writeSync(1, 'ready\n');

await Promise.all(
  ['ca', 'ra', 'kra'].map(async (producer) => {
    for (;;) {
      const from = log.nextSeq(producer);
      const added = await log.append(producer, draftsOf(from, from + random(50)));
      writeSync(1, added.map(({ seq, index }) => `${producer} ${seq} ${index}\n`).join(''));
      if (random(4) === 0) await new Promise((resolve) => setTimeout(resolve, random(8)));
    }
  }),
);
