import { Option, type Command } from 'commander';
import { wholeNumber } from '../../../options.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import { formatSchedule } from '../../../pki/certificates/schedule.ts';
import type { StoreJob } from '../../../pki/certificates/store-types.ts';
import { pkiCommand, signedIn } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import { storeId } from './store.ts';

const JOBS = '/api/v1/store-jobs';

const jobNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** The commands on work at stores: scheduled, under way, done or failed. */
export function registerStoreJobs(program: Command): void {
  pkiCommand(program, 'store-job-find', 'list the work at stores, the latest first')
    .addOption(
      new Option('--state <state>', 'only these').choices([
        'scheduled',
        'running',
        'done',
        'failed',
      ]),
    )
    .option('--store <store>', 'only those of a store')
    .option('--size <n>', 'show so many at most', wholeNumber(1, 500), 100)
    .action(
      signedIn<{ state?: string; store?: string; size: number }>(
        async ({ session, output, options }) => {
          const { state, store, size } = options;
          const { jobs } = await session.json<{ jobs: StoreJob[] }>('GET', JOBS, {
            query: {
              state,
              store: store === undefined ? undefined : await storeId(session, store),
              limit: size,
            },
          });
          showAll(output, jobs, jobFields);
        },
      ),
    );

  pkiCommand(program, 'store-job-retry', 'have work done now: what has failed, or what waits')
    .argument('<job>', 'its number', jobNumber)
    .action(
      signedIn<unknown, [job: number]>(async ({ session, output }, id) => {
        const job = await session.json<StoreJob>('POST', `${JOBS}/${id}/retry`);
        showOne(output, `Job ${id} is due now`, job, jobFields);
      }),
    );

  pkiCommand(program, 'store-job-del', 'take work off the list: what waits is not done')
    .argument('<job>', 'its number', jobNumber)
    .action(
      signedIn<unknown, [job: number]>(async ({ session, output }, id) => {
        await session.send('DELETE', `${JOBS}/${id}`);
        if (output.json) output.printJson({ deleted: id });
        else printMessage(output.print, `Deleted job ${id}`);
      }),
    );
}

/** A job as it is printed. */
export function jobFields(job: StoreJob): Field[] {
  const details = Object.entries(job.details).filter(([, value]) => value !== null);
  return [
    ['Job ID', job.id],
    ['Kind', job.kind],
    ['State', job.state],
    ['Store', job.store?.displayName],
    ['Machine', job.clientMachine],
    ['Schedule', formatSchedule(job.schedule)],
    ['Due', job.dueAt],
    ['Attempts', job.attempts],
    ['Details', details.map(([name, value]) => `${name}=${String(value)}`)],
    ['Error', job.error],
    ['Requested By', job.requestedBy],
    ['Ended', job.endedAt],
  ];
}
