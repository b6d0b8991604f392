import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath, repeated } from '../../../options.ts';
import { parseSans } from '../../../pki/certificates/arguments.ts';
import { readPasswordFile } from '../../../password.ts';
import { showAll } from '../../../pki/certificates/print.ts';
import { certificateId, parseReference } from '../../../pki/certificates/reference.ts';
import { parseSchedule, SCHEDULE_HELP, type Schedule } from '../../../pki/certificates/schedule.ts';
import type { StoreJob } from '../../../pki/certificates/store-types.ts';
import type { SubjectAltName } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import type { Field } from '../../../pki/print.ts';
import { jobFields } from './store-job.ts';
import { storeId, storePath } from './store.ts';

const STORES = '/api/v1/stores';

const HELP = `
What is done at stores is scheduled, and done by the server: store-job-find says what has become of it.

  countersign -n operator store-cert-add 17 --store 'Web 1' --store 'Web 2' --with-key --overwrite
  countersign -n operator store-cert-del --store Mail --alias mail --schedule 'once 2026-12-01T03:00:00Z'
  countersign -n operator store-discover --machine web.example.com --path /etc/ssl --type 'PEM file'`;

const NOW: Schedule = { immediate: true };

interface InventoryEntry {
  readonly alias: string;
  /** 0: the entry itself; above 0: its chain. */
  readonly chainPosition: number;
  readonly fingerprint: string;
  readonly hasPrivateKey: boolean;
  /** Null: no certificate that is managed. */
  readonly certificate: {
    readonly id: number;
    readonly subject: string;
    readonly notAfter: string;
    readonly state: string;
  } | null;
}

interface AddOptions {
  readonly store: readonly string[];
  readonly alias?: string;
  readonly overwrite?: true;
  readonly withKey?: true;
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
  readonly san?: readonly SubjectAltName[];
  readonly keyAlgorithm?: string;
  readonly issuer?: string;
  readonly alias?: string;
  readonly overwrite: boolean;
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
      await order({ session, output }, await storePath(session, text, 'inventory'));
    }),
  );

  scheduled(
    pkiCommand(program, 'store-cert-add <certificate>', 'put a certificate into stores')
      .requiredOption('--store <store>', 'where to; may be repeated', repeated)
      .option('--alias <name>', "its name there (default: made of the certificate's)")
      .option('--overwrite', 'take the place of what has that name')
      .option('--with-key', 'with the private key that the server keeps')
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
      .option('--san <type:value>', 'alternative name; may be repeated', parseSans)
      .option('--key-algorithm <name>', "RSA-3072, P-256, Ed25519 … (default: the profile's)")
      .option('--issuer <authority>', "authority to issue it, by its name (default: the profile's)")
      .option('--alias <name>', "its name there (default: made of the certificate's)")
      .option('--no-overwrite', 'do not take the place of what has that name'),
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
  const { alias, overwrite, withKey, entryPasswordFile, schedule } = options;
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
      includePrivateKey: withKey === true,
    });
  await order({ session, output }, `${STORES}/add`, { certificate, stores, schedule });
}

async function remove({ session, output, options }: PkiRun<RemoveOptions>): Promise<void> {
  const { alias, schedule } = options;
  const store = await storeId(session, options.store);
  await order({ session, output }, `${STORES}/remove`, {
    stores: alias.map((name) => ({ store, alias: name })),
    schedule,
  });
}

async function reenroll(
  { session, output, options }: PkiRun<ReenrollOptions>,
  text: string,
): Promise<void> {
  const { subject, san: sans, profile, issuer, keyAlgorithm, alias, overwrite } = options;
  await order({ session, output }, await storePath(session, text, 'reenroll'), {
    subject,
    sans,
    keyAlgorithm,
    template: profile,
    authority: issuer,
    alias,
    overwrite,
    schedule: options.schedule,
  });
}

async function discover({ session, output, options }: PkiRun<DiscoverOptions>): Promise<void> {
  const { machine: clientMachine, path, type: types, schedule } = options;
  await order({ session, output }, `${STORES}/discover`, { clientMachine, path, types, schedule });
}

/** Has something done, and prints what is scheduled. */
async function order(
  { session, output }: Pick<PkiRun<unknown>, 'session' | 'output'>,
  path: string,
  body?: object,
): Promise<void> {
  const { jobs } = await session.json<{ jobs: StoreJob[] }>('POST', path, { body });
  showAll(output, jobs, jobFields);
}

function entryFields({ certificate, ...entry }: InventoryEntry): Field[] {
  return [
    ['Alias', entry.alias],
    ['In Its Chain', entry.chainPosition === 0 ? null : entry.chainPosition],
    ['Private Key', entry.hasPrivateKey],
    ['SHA-256', entry.fingerprint],
    ['Cert ID', certificate?.id],
    ['Subject DN', certificate?.subject],
    ['State', certificate?.state],
    ['Not Valid After', certificate?.notAfter],
  ];
}
