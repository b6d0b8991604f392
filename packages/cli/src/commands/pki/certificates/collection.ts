import { InvalidArgumentError, type Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { repeated } from '../../../options.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import type { PkiSession } from '../../../pki/session.ts';

const COLLECTIONS = '/api/v1/collections';

const HELP = `
A collection is a saved query. It is named by its name or its ID. Rights on it go to roles of your own (ca-group-add);
what the product's roles may is said by access rules.

  countersign -n caadmin collection-add 'Web servers' --query 'CN -contains "www"' --dashboard
  countersign -n caadmin collection-permissions 'Web servers' --grant Helpdesk=read,revoke
  countersign -n operator ca-cert-find --collection 'Web servers'`;

interface Collection {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly query: string;
  readonly onDashboard: boolean;
  readonly count: number;
  /** Why its query cannot be read any more. */
  readonly problem: string | null;
  readonly permissions: readonly {
    readonly role: string;
    readonly operations: readonly string[];
  }[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface ChangeOptions {
  readonly name?: string;
  readonly query?: string;
  readonly description?: string;
  readonly dashboard?: boolean;
}

/** The commands on collections, and on who may do what with their certificates. */
export function registerCollections(program: Command): void {
  pkiCommand(program, 'collection-find', 'list the collections of certificates').action(
    signedIn<unknown>(async ({ session, output }) => {
      showAll(output, await listCollections(session), fieldsOf);
    }),
  );

  pkiCommand(program, 'collection-show <collection>', 'show a collection').action(
    signedIn<unknown, [collection: string]>(async ({ session, output }, text) => {
      const path = `${COLLECTIONS}/${await collectionId(session, text)}`;
      const collection = await session.json<Collection>('GET', path);
      showOne(output, `Collection "${text}"`, collection, fieldsOf);
    }),
  );

  pkiCommand(program, 'collection-add <name>', 'add a collection')
    .requiredOption('--query <query>', 'which certificates are in it')
    .option('--description <text>', 'what it is for')
    .option('--dashboard', 'count it on the dashboard')
    .addHelpText('after', HELP)
    .action(
      signedIn<ChangeOptions & { query: string }, [name: string]>(
        async ({ session, output, options }, name) => {
          const { query, description = '', dashboard: onDashboard = false } = options;
          const collection = await session.json<Collection>('POST', COLLECTIONS, {
            body: { name, query, description, onDashboard },
          });
          showOne(output, `Added collection "${name}"`, collection, fieldsOf);
        },
      ),
    );

  pkiCommand(program, 'collection-mod <collection>', 'change a collection')
    .option('--name <name>', 'give it another name')
    .option('--query <query>', 'which certificates are in it')
    .option('--description <text>', 'what it is for')
    .option('--dashboard', 'count it on the dashboard')
    .option('--no-dashboard', 'do not count it there')
    .action(
      signedIn<ChangeOptions, [collection: string]>(async ({ session, output, options }, text) => {
        const path = `${COLLECTIONS}/${await collectionId(session, text)}`;
        const collection = await session.json<Collection>('PATCH', path, {
          body: changeOf(options),
        });
        showOne(output, `Modified collection "${text}"`, collection, fieldsOf);
      }, changeOf),
    );

  pkiCommand(
    program,
    'collection-del <collection>',
    'delete a collection; its certificates stay',
  ).action(
    signedIn<unknown, [collection: string]>(async ({ session, output }, text) => {
      const id = await collectionId(session, text);
      await session.send('DELETE', `${COLLECTIONS}/${id}`);
      if (output.json) output.printJson({ deleted: id });
      else printMessage(output.print, `Deleted collection "${text}"`);
    }),
  );

  pkiCommand(
    program,
    'collection-permissions <collection>',
    'say which role may do what with the certificates of a collection; without options, show it',
  )
    .option(
      '--grant <role=rights>',
      'all that a role may: Helpdesk=read,revoke; may be repeated',
      parseGrants,
    )
    .option('--withdraw <role>', 'what a role may, taken away; may be repeated', repeated)
    .addHelpText('after', HELP)
    .action(signedIn<PermissionOptions, [collection: string]>(changePermissions));
}

interface PermissionOptions {
  readonly grant?: ReadonlyMap<string, readonly string[]>;
  readonly withdraw?: readonly string[];
}

function parseGrants(
  text: string,
  before: ReadonlyMap<string, readonly string[]> = new Map(),
): ReadonlyMap<string, readonly string[]> {
  const at = text.lastIndexOf('=');
  const operations = text.slice(at + 1).split(',');
  if (at < 1 || operations.includes(''))
    throw new InvalidArgumentError('expected ROLE=RIGHT,RIGHT…');
  return new Map([...before, [text.slice(0, at), operations]]);
}

async function changePermissions(
  { session, output, options }: PkiRun<PermissionOptions>,
  text: string,
): Promise<void> {
  const { grant = new Map<string, readonly string[]>(), withdraw = [] } = options;
  const path = `${COLLECTIONS}/${await collectionId(session, text)}`;
  const before = await session.json<Collection>('GET', path);
  if (grant.size === 0 && withdraw.length === 0) {
    showOne(output, `Permissions of collection "${text}"`, before, fieldsOf);
    return;
  }
  const wanted = new Map(before.permissions.map(({ role, operations }) => [role, operations]));
  for (const role of withdraw) {
    if (!wanted.delete(role))
      throw new CliError('usage', `--withdraw "${role}": the role has no right of its own there`);
  }
  for (const [role, operations] of grant) wanted.set(role, operations);
  const permissions = [...wanted].map(([role, operations]) => ({ role, operations }));
  const after = await session.json<Collection>('PUT', `${path}/permissions`, {
    body: { permissions },
  });
  showOne(output, `Modified permissions of collection "${text}"`, after, fieldsOf);
}

/** What `collection-mod` sends. @throws CliError `usage` */
function changeOf({ name, query, description, dashboard }: ChangeOptions): Record<string, unknown> {
  const change = {
    ...(name !== undefined && { name }),
    ...(query !== undefined && { query }),
    ...(description !== undefined && { description }),
    ...(dashboard !== undefined && { onDashboard: dashboard }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(
    'usage',
    'expected something to change: --name, --query, --description, --dashboard or --no-dashboard',
  );
}

async function listCollections(session: PkiSession): Promise<readonly Collection[]> {
  const { collections } = await session.json<{ collections: Collection[] }>('GET', COLLECTIONS);
  return collections;
}

/** The number of the collection of that name or number. @throws CliError `usage` */
export async function collectionId(session: PkiSession, text: string): Promise<number> {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  const all = await listCollections(session);
  const found = all.find(({ name }) => name.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found.id;
  throw new CliError(
    'usage',
    `there is no collection "${text}"; there are: ${all.map(({ name }) => name).join(', ') || 'none'}`,
  );
}

function fieldsOf(collection: Collection): Field[] {
  return [
    ['Collection ID', collection.id],
    ['Name', collection.name],
    ['Description', collection.description],
    ['Query', collection.query],
    ['Certificates', collection.count],
    ['Problem', collection.problem],
    ['On Dashboard', collection.onDashboard],
    [
      'Permissions',
      collection.permissions.map(({ role, operations }) => `${role}: ${operations.join(', ')}`),
    ],
    ['Created', collection.createdAt],
    ['Changed', collection.updatedAt],
  ];
}
