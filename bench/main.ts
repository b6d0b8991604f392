import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAppend } from './append.ts';
import { describeMachine } from './machine.ts';
import { formatReport } from './report.ts';
import { benchSearch } from './search.ts';
import { formatRate } from './stats.ts';
import { benchState } from './state.ts';
import { benchSustained } from './sustained.ts';
import { benchVerify } from './verify.ts';

/** Each reads the whole log. */
const VERIFY_ROUNDS = 3;

const HELP = `npm run bench -- [options]

  --records N   size of the log that is filled, verified and searched (default 1000000, about 1.4 KB of disk each)
  --rounds N    rounds of the append measurements (default 9); verify takes 3 at most
  --runs N      searches of each kind (default 200)
  --dir DIR     where the files go; put it on the disk you care about (default .cache/bench)
  --json        print JSON instead of Markdown
`;

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '9' },
    runs: { type: 'string', default: '200' },
    dir: { type: 'string', default: resolve(import.meta.dirname, '..', '.cache', 'bench') },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const records = count('--records', values.records);
  const rounds = count('--rounds', values.rounds);
  const runs = count('--runs', values.runs);
  await mkdir(values.dir, { recursive: true });
  const dir = await mkdtemp(join(values.dir, 'run-'));
  try {
    const machine = describeMachine(dir);
    const append = await benchAppend(dir, rounds, talk);
    const { result: sustained, index } = await benchSustained(dir, records, (done) => {
      if (done % 50_000 === 0)
        talk(`sustained: ${formatRate(done)} of ${formatRate(records)} records`);
    });
    const search = await benchSearch(index, records, runs, talk);
    await index.close();
    const verify = await benchVerify(sustained.logDir, Math.min(rounds, VERIFY_ROUNDS), talk);
    const state = await benchState(dir, rounds, talk);
    talk('');
    const report = { machine, append, sustained, verify, search, state };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** One line of talk on stderr that the next one replaces. */
function talk(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${name}: expected a whole number from 1, got "${text}"`);
  return value;
}
