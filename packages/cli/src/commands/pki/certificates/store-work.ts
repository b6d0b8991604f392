import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath, repeated } from '../../../options.ts';
import { readPasswordFile } from '../../../password.ts';
import { showAll } from '../../../pki/certificates/print.ts';
import { certificateId, parseReference } from '../../../pki/certificates/reference.ts';
import {
  formatSchedule,
  parseSchedule,
  SCHEDULE_HELP,
  type Schedule,
} from '../../../pki/certificates/schedule.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import { storeId, storePath } from './store.ts';

const STORES = '/api/v1/stores';

const HELP = `
What is done at stores is scheduled, and done by the server: store-job-find says what has become of it.

  countersign -n operator store-cert-add 17 --store 'Web 1' --store 'Web 2' --overwrite
  countersign -n operator store-cert-del --store 'Mail' --alias mail --schedule 'once 2026-12-01T03:00:00Z'
  countersign -n operator store-discover --machine web.example.com --path /etc/ssl --type PEM`;

const NOW: Schedule = { immediate: true };

interface InventoryEntry {
  readonly alias: string;
  readonly hasPrivateKey: boolean;
  readonly certificates: readonly {
    readonly id: number | null;
    readonly subject?: string;
    readonly fingerprint: string;
  }[];
}

interface AddOptions {
  readonly store: readonly string[];
  readonly alias?: string;
  readonly overwrite?: true;
  readonly key: boolean;
  readonly entryPasswordFile?: string;
  readonly schedule: Schedule;
}

interface RemoveOptions {
  readonly store: string;
  readonly alias: readonly string[];
  readonly schedule: Schedule;
}

interface ReenrollOptions {
  readonly subject: string;
  readonly profile: string;
  readonly keyAlgorithm: string;
  readonly alias?: string;
  readonly schedule: Schedule;
}

interface DiscoverOptions {
  readonly machine: string;
  readonly path: string;
  readonly type: readonly string[];
  readonly schedule: Schedule;
}

/** What is done at stores: looking, adding, removing, re-enrolling, discovering. */
export function registerStoreWork(program: Command): void {
  pkiCommand(program, 'store-cert-find <store>', 'list what was found in a store').action(
    signedIn<unknown, [store: string]>(async ({ session, output }, text) => {
      const path = await storePath(session, text, 'inventory');
      const { entries } = await session.json<{ entries: InventoryEntry[] }>('GET', path);
      showAll(output, entries, entryFields);
    }),
  );

  pkiCommand(program, 'store-inventory <store>', 'look now what is in a store').action(
    signedIn<unknown, [store: string]>(async ({ session, output }, text) => {
      const { body } = await session.send('POST', await storePath(session, text, 'inventory'));
      tell({ output, text: `Scheduled an inventory of store "${text}"`, body });
    }),
  );

  scheduled(
    pkiCommand(program, 'store-cert-add <certificate>', 'put a certificate into stores')
      .requiredOption('--store <store>', 'where to; may be repeated', repeated)
      .option('--alias <name>', "its name there (default: made of the certificate's)")
      .option('--overwrite', 'take the place of what has that name')
      .option('--no-key', 'without the private key')
      .option(
        '--entry-password-file <file>',
        'encrypt the private key by its first line',
        parsePath,
      ),
  )
    .addHelpText('after', HELP + SCHEDULE_HELP)
    .action(
      signedIn<AddOptions, [certificate: string]>(add, (_, text) => void parseReference(text)),
    );

  scheduled(
    pkiCommand(program, 'store-cert-del', 'take certificates out of a store')
      .requiredOption('--store <store>', 'where from')
      .requiredOption('--alias <name>', 'name there; may be repeated', repeated),
  )
    .addHelpText('after', SCHEDULE_HELP)
    .action(signedIn<RemoveOptions>(remove));

  scheduled(
    pkiCommand(
      program,
      'store-reenroll <store>',
      'have a key made for a store, and a certificate requested for it',
    )
      .requiredOption('--subject <dn>', 'subject, most specific part first')
      .requiredOption('--profile <profile>', 'profile to issue it by')
      .option('--key-algorithm <name>', 'RSA-3072, P-256, Ed25519 …', 'P-256')
      .option('--alias <name>', 'its name there'),
  )
    .addHelpText('after', SCHEDULE_HELP)
    .action(signedIn<ReenrollOptions, [store: string]>(reenroll));

  scheduled(
    pkiCommand(program, 'store-discover', 'look for stores on a machine')
      .option('--machine <name>', 'where to look', 'localhost')
      .requiredOption('--path <path>', 'folder to look in, and below')
      .requiredOption('--type <type>', 'type of what is looked for; may be repeated', repeated),
  )
    .addHelpText('after', SCHEDULE_HELP)
    .action(signedIn<DiscoverOptions>(discover));
}

function scheduled(command: Command): Command {
  return command.option('--schedule <schedule>', 'when (default: now)', parseOnce, NOW);
}

/** A schedule that comes once. */
function parseOnce(text: string): Schedule {
  const schedule = parseSchedule(text);
  if (schedule !== null) return schedule;
  throw new CliError('usage', '--schedule: expected a time, got off');
}

async function add({ session, output, options }: PkiRun<AddOptions>, text: string): Promise<void> {
  const { alias, overwrite, key, entryPasswordFile, schedule } = options;
  const entryPassword =
    entryPasswordFile === undefined ? undefined : await readPasswordFile(entryPasswordFile);
  const certificate = await certificateId(session, text);
  const stores = [];
  for (const name of options.store)
    stores.push({
      store: await storeId(session, name),
      alias,
      overwrite: overwrite === true,
      entryPassword,
      includePrivateKey: key,
    });
  const { body } = await session.send('POST', `${STORES}/add`, {
    body: { certificate, stores, schedule },
  });
  tell({
    output,
    text: `Scheduled certificate "${text}" for ${stores.length} store(s): ${formatSchedule(schedule)}`,
    body,
  });
}

async function remove({ session, output, options }: PkiRun<RemoveOptions>): Promise<void> {
  const { alias, schedule } = options;
  const store = await storeId(session, options.store);
  const { body } = await session.send('POST', `${STORES}/remove`, {
    body: { stores: alias.map((name) => ({ store, alias: name })), schedule },
  });
  tell({
    output,
    text: `Scheduled the removal of ${alias.join(', ')} from store "${options.store}": ${formatSchedule(schedule)}`,
    body,
  });
}

async function reenroll(
  { session, output, options }: PkiRun<ReenrollOptions>,
  text: string,
): Promise<void> {
  const { subject, profile: template, keyAlgorithm, alias, schedule } = options;
  const { body } = await session.send('POST', await storePath(session, text, 'reenroll'), {
    body: { subject, keyAlgorithm, template, alias, schedule },
  });
  tell({
    output,
    text: `Scheduled the re-enrollment of store "${text}": ${formatSchedule(schedule)}`,
    body,
  });
}

async function discover({ session, output, options }: PkiRun<DiscoverOptions>): Promise<void> {
  const { machine: clientMachine, path, type: types, schedule } = options;
  const { body } = await session.send('POST', `${STORES}/discover`, {
    body: { clientMachine, path, types, schedule },
  });
  tell({
    output,
    text: `Scheduled a discovery in ${clientMachine}:${path}: ${formatSchedule(schedule)}`,
    body,
  });
}

/** That something is scheduled; with `--json` what the server says of it. */
function tell({
  output,
  text,
  body,
}: {
  readonly output: PkiRun<unknown>['output'];
  readonly text: string;
  readonly body: Buffer;
}): void {
  if (output.json) output.print(body.toString('utf8').trim());
  else printMessage(output.print, text);
}

function entryFields(entry: InventoryEntry): Field[] {
  return [
    ['Alias', entry.alias],
    ['Private Key', entry.hasPrivateKey],
    [
      'Certificates',
      entry.certificates.map(
        ({ id, subject, fingerprint }) => `${id ?? '-'} ${subject ?? ''} ${fingerprint}`,
      ),
    ],
  ];
}
