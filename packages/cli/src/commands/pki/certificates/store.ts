import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath } from '../../../options.ts';
import { readPasswordFile } from '../../../password.ts';
import { parseSettings } from '../../../pki/certificates/arguments.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import {
  formatSchedule,
  parseSchedule,
  SCHEDULE_HELP,
  type Schedule,
} from '../../../pki/certificates/schedule.ts';
import type { Store, StoreContainer } from '../../../pki/certificates/store-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import type { PkiSession } from '../../../pki/session.ts';

const STORES = '/api/v1/stores';
const CONTAINERS = '/api/v1/store-containers';

const ADD_HELP = `
A store is a file or folder with certificates, on the server's own machine or on another one over SFTP. It is named by
its ID, its name, or as MACHINE:PATH.

  countersign -n operator store-add 'Web 1' --type 'PEM file' --path /srv/tls/www.pem
  countersign -n operator store-add Mail --type 'PKCS#12 (Java, Tomcat, Windows)' \\
      --machine mail.example.com --path /etc/mail.p12 --password-file mail.password --inventory 'daily 03:00'
  countersign -n operator store-cert-add 17 --store 'Web 1' --with-key`;

interface StoreOptions {
  readonly name?: string;
  readonly type?: string;
  readonly machine?: string;
  readonly path?: string;
  readonly container?: string;
  readonly createIfMissing?: boolean;
  readonly set?: Readonly<Record<string, unknown>>;
}

interface AddOptions extends StoreOptions {
  readonly passwordFile?: string;
  readonly inventory?: Schedule;
}

/** The commands on certificate stores themselves. */
export function registerStores(program: Command): void {
  pkiCommand(program, 'store-find', 'list the certificate stores')
    .option('--pending', 'those that were discovered and wait for approval')
    .option('--machine <name>', 'only those on a machine')
    .option('--container <container>', 'only those in a container')
    .action(signedIn<FindOptions>(findStores));

  pkiCommand(program, 'store-show <store>', 'show a certificate store').action(
    signedIn<unknown, [store: string]>(async ({ session, output }, text) => {
      const store = await session.json<Store>('GET', await storePath(session, text));
      showOne(output, `Store "${text}"`, store, fieldsOf);
    }),
  );

  withOptions(
    pkiCommand(program, 'store-add <name>', 'add a certificate store')
      .requiredOption('--type <type>', 'its type; store-type-find lists them')
      .requiredOption('--path <path>', 'where it is on the machine')
      .option('--machine <name>', 'where it is; other machines are reached by SFTP', 'localhost')
      .option('--password-file <file>', 'its first line is the password of the store', parsePath)
      .option('--inventory <schedule>', 'when to look what is in it', parseSchedule),
  )
    .addHelpText('after', ADD_HELP + SCHEDULE_HELP)
    .action(signedIn<AddOptions, [name: string]>(addStore));

  withOptions(
    pkiCommand(program, 'store-mod <store>', 'change a certificate store').option(
      '--name <name>',
      'give it another name',
    ),
  ).action(
    signedIn<StoreOptions, [store: string]>(
      async ({ session, output, options }, text) => {
        const path = await storePath(session, text);
        const store = await session.json<Store>('PATCH', path, {
          body: {
            ...(await changeOf(session, options)),
            ...(options.set !== undefined && {
              properties: changedProperties(await session.json<Store>('GET', path), options.set),
            }),
          },
        });
        showOne(output, `Modified store "${text}"`, store, fieldsOf);
      },
      (options) => {
        if (Object.keys(given(options)).length === 0 && options.container === undefined)
          throw new CliError('usage', 'expected something to change, got no option');
      },
    ),
  );

  pkiCommand(program, 'store-approve <stores...>', 'manage stores that were discovered').action(
    signedIn<unknown, [stores: string[]]>(async ({ session, output }, texts) => {
      const ids = await storeIds(session, texts);
      const { stores } = await session.json<{ stores: Store[] }>('POST', `${STORES}/approve`, {
        body: { ids },
      });
      showAll(output, stores, fieldsOf);
    }),
  );

  pkiCommand(
    program,
    'store-password <store>',
    'say which password a store has, or that it has none',
  )
    .option('--password-file <file>', 'its first line is the password', parsePath)
    .option('--none', 'it has none')
    .action(
      signedIn<PasswordOptions, [store: string]>(
        async ({ session, output, options }, text) => {
          const { passwordFile } = options;
          const password = passwordFile === undefined ? null : await readPasswordFile(passwordFile);
          const path = await storePath(session, text, 'password');
          const store = await session.json<Store>('PUT', path, { body: { password } });
          showOne(output, `Set the password of store "${text}"`, store, fieldsOf);
        },
        ({ passwordFile, none }) => {
          if ((passwordFile === undefined) === (none === undefined))
            throw new CliError('usage', 'expected either --password-file or --none');
        },
      ),
    );

  pkiCommand(program, 'store-schedule <store>', 'say when it is looked what is in a store')
    .argument('<schedule>', 'when', parseSchedule)
    .addHelpText('after', SCHEDULE_HELP)
    .action(
      signedIn<unknown, [store: string, schedule: Schedule]>(
        async ({ session, output }, text, schedule) => {
          const path = await storePath(session, text, 'schedule');
          const store = await session.json<Store>('PUT', path, { body: { schedule } });
          showOne(output, `Modified the inventory of store "${text}"`, store, fieldsOf);
        },
      ),
    );

  pkiCommand(program, 'store-del <stores...>', 'manage stores no more; their files stay').action(
    signedIn<unknown, [stores: string[]]>(async ({ session, output }, texts) => {
      const ids = await storeIds(session, texts);
      for (const id of ids) await session.send('DELETE', `${STORES}/${id}`);
      if (output.json) output.printJson({ deleted: ids });
      else printMessage(output.print, `Deleted ${ids.length} store(s)`);
    }),
  );
}

interface FindOptions {
  readonly pending?: true;
  readonly machine?: string;
  readonly container?: string;
}

interface PasswordOptions {
  readonly passwordFile?: string;
  readonly none?: true;
}

function withOptions(command: Command): Command {
  return command
    .option('--container <container>', "container it belongs to, by name or ID; '' for none")
    .option('--create-if-missing', 'make it with the first certificate')
    .option('--no-create-if-missing', 'it has to be there')
    .option('--set <name=value>', 'property of its type; may be repeated', parseSettings);
}

async function findStores({ session, output, options }: PkiRun<FindOptions>): Promise<void> {
  const { pending, machine, container } = options;
  const stores = await listStores(session, {
    approved: pending === undefined ? undefined : 'false',
    clientMachine: machine,
    container: container === undefined ? undefined : await containerId(session, container),
  });
  showAll(output, stores, fieldsOf);
}

async function addStore(
  { session, output, options }: PkiRun<AddOptions>,
  name: string,
): Promise<void> {
  const { type, machine, path, passwordFile, inventory } = options;
  const password = passwordFile === undefined ? undefined : await readPasswordFile(passwordFile);
  const store = await session.json<Store>('POST', STORES, {
    body: {
      ...(await changeOf(session, options)),
      displayName: name,
      type,
      clientMachine: machine,
      path,
      password,
      inventorySchedule: inventory,
    },
  });
  showOne(output, `Added store "${name}"`, store, fieldsOf);
}

/** The properties of a store with those that are set; `null` takes one away. */
function changedProperties(
  { properties }: Store,
  set: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const all = Object.entries({ ...properties, ...set });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function given({ name, createIfMissing, set }: StoreOptions): Record<string, unknown> {
  return {
    ...(name !== undefined && { displayName: name }),
    ...(createIfMissing !== undefined && { createIfMissing }),
    ...(set !== undefined && { properties: set }),
  };
}

async function changeOf(
  session: PkiSession,
  options: StoreOptions,
): Promise<Record<string, unknown>> {
  const { container } = options;
  if (container === undefined) return given(options);
  const id = container === '' ? null : await containerId(session, container);
  return { ...given(options), container: id };
}

async function listStores(
  session: PkiSession,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<Store[]> {
  const stores: Store[] = [];
  let after: string | undefined;
  do {
    const page: { stores: Store[]; next: string | null } = await session.json('GET', STORES, {
      query: { ...query, after },
    });
    stores.push(...page.stores);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return stores;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of a store by its id, its name, or `MACHINE:PATH`. @throws CliError `usage` */
export async function storeId(session: PkiSession, text: string): Promise<string> {
  if (UUID.test(text)) return text;
  const found = (await listStores(session, {})).filter(
    ({ displayName, clientMachine, path }) =>
      displayName === text || `${clientMachine}:${path}` === text,
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.id;
  throw new CliError(
    'usage',
    first === undefined
      ? `there is no store "${text}"; store-find lists them`
      : `"${text}" names ${found.length} stores; name the one you mean as MACHINE:PATH`,
  );
}

async function storeIds(session: PkiSession, texts: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) ids.push(await storeId(session, text));
  return ids;
}

/** The path of a store, or of something of it. */
export async function storePath(
  session: PkiSession,
  text: string,
  ...rest: readonly string[]
): Promise<string> {
  return [STORES, await storeId(session, text), ...rest].join('/');
}

/** The number of the container of that name or number. @throws CliError `usage` */
export async function containerId(session: PkiSession, text: string): Promise<number> {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  const { containers } = await session.json<{ containers: StoreContainer[] }>('GET', CONTAINERS);
  const found = containers.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found.id;
  throw new CliError(
    'usage',
    `there is no container "${text}"; there are: ${containers.map(({ name }) => name).join(', ') || 'none'}`,
  );
}

function fieldsOf(store: Store): Field[] {
  const properties = Object.entries(store.properties).filter(([, value]) => value !== undefined);
  return [
    ['Store ID', store.id],
    ['Name', store.displayName],
    ['Machine', store.clientMachine],
    ['Path', store.path],
    ['Type', store.type],
    ['Container', store.container?.name],
    ['Approved', store.approved],
    ['Password', store.passwordSet ? '(set)' : null],
    ['Properties', properties.map(([name, value]) => `${name}=${String(value)}`)],
    ['Inventory', formatSchedule(store.inventorySchedule)],
    ['Last Inventory', store.lastInventoryAt],
    ['Certificates', store.certificates],
  ];
}
