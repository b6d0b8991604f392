import type { JsonObject } from '@countersign/records';
import ssh2 from 'ssh2';
import type { ChangeTransaction } from '../authorization/admitted.ts';
import type { StateReader } from '../database/schema.ts';
import type { Vault } from '../ca/vault.ts';
import { faultyField, ServerError } from '../errors.ts';
import type { SftpCredentials, SftpServer } from './files/sftp.ts';
import { machineRef, storeChange } from './records.ts';

/** The machine this server runs on, as stores name it. */
export const LOCALHOST = 'localhost';

/** How another machine is reached; the password or key stays in the vault. */
export interface StoreServer {
  readonly clientMachine: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: 'password' | 'key';
  /** `SHA256:…`: the only key that is believed to be this machine's. */
  readonly hostKey: string;
  readonly updatedAt: string;
}

/** What a machine is to be reached with. */
export interface NewCredentials {
  readonly port: number;
  readonly username: string;
  readonly hostKey: string;
  readonly secret: SftpCredentials;
}

/** All machines that are reached by SFTP. */
export async function listServers(db: StateReader): Promise<StoreServer[]> {
  const rows = await db.selectFrom('store_servers').selectAll().orderBy('machine').execute();
  return rows.map((row) => ({
    clientMachine: row.machine,
    port: row.port,
    username: row.username,
    authentication: row.authentication,
    hostKey: row.host_key,
    updatedAt: row.updated_at,
  }));
}

/** How a machine is reached; null: nobody has said. */
export async function findServer(db: StateReader, machine: string): Promise<StoreServer | null> {
  return (await listServers(db)).find(({ clientMachine }) => clientMachine === machine) ?? null;
}

/** Sets, or sets anew, how a machine is reached. Throws `request_invalid`. */
export async function setCredentials(
  tx: ChangeTransaction,
  machine: string,
  { port, username, hostKey, secret }: NewCredentials,
): Promise<StoreServer> {
  if (machine === LOCALHOST)
    throw faultyField('clientMachine', 'another machine than this one', machine);
  const old = await findServer(tx.db, machine);
  const values = {
    port,
    username,
    authentication: 'password' in secret ? ('password' as const) : ('key' as const),
    credentials: tx.platform.vault.seal(JSON.stringify(secret), aboutServer(machine)),
    host_key: hostKey,
    updated_at: tx.now.toISOString(),
  };
  await tx.db
    .insertInto('store_servers')
    .values({ machine, ...values })
    .onConflict((c) => c.column('machine').doUpdateSet(values))
    .execute();
  const server = await findServer(tx.db, machine);
  if (server === null) throw new Error('bad insert: the server is not there');
  tx.record(
    storeChange(
      {
        area: 'server',
        operation: 'Updated',
        target: machineRef(machine),
        before: old === null ? null : serverModel(old),
        after: serverModel(server),
        reason: old === null ? 'credentials were set' : 'credentials were changed',
      },
      tx.caller,
    ),
  );
  return server;
}

/** Forgets how a machine is reached. Throws `not_found`, `in_use`. */
export async function deleteServer(tx: ChangeTransaction, machine: string): Promise<void> {
  const server = await findServer(tx.db, machine);
  if (server === null)
    throw new ServerError('not_found', `there are no credentials for ${machine.slice(0, 200)}`);
  const used = await tx.db
    .selectFrom('stores')
    .select('path')
    .where('machine', '=', machine)
    .executeTakeFirst();
  if (used !== undefined)
    throw new ServerError('in_use', `stores on ${machine} are reached by these credentials`);
  await tx.db.deleteFrom('store_servers').where('machine', '=', machine).execute();
  const target = machineRef(machine);
  const before = serverModel(server);
  tx.record(storeChange({ area: 'server', operation: 'Deleted', target, before }, tx.caller));
}

/** Everything needed to reach a machine. Throws `store_sign_in_refused` where nobody has said how. */
export async function openServer(
  db: StateReader,
  vault: Vault,
  machine: string,
): Promise<SftpServer> {
  const row = await db
    .selectFrom('store_servers')
    .selectAll()
    .where('machine', '=', machine)
    .executeTakeFirst();
  if (row === undefined)
    throw new ServerError('store_sign_in_refused', `${machine}: there are no credentials for it`);
  const secret = vault.open(row.credentials, aboutServer(machine)).toString('utf8');
  return {
    machine,
    port: row.port,
    username: row.username,
    hostKey: row.host_key,
    credentials: JSON.parse(secret) as SftpCredentials,
  };
}

/** Throws `request_invalid` for a private key that cannot be used to sign in. */
export function assertSshKey(privateKey: string, passphrase: string | null): void {
  const parsed = ssh2.utils.parseKey(privateKey, passphrase ?? undefined);
  // The cause may repeat the key.
  if (parsed instanceof Error || !parsed.isPrivateKey())
    throw faultyField(
      'privateKey',
      'a private key of OpenSSH or PEM, with its passphrase where it has one',
      'one that cannot be read',
    );
}

function aboutServer(machine: string): string {
  return `store-server:${machine}`;
}

function serverModel(server: StoreServer): JsonObject {
  const { clientMachine, port, username, authentication, hostKey } = server;
  return { clientMachine, port, username, authentication, hostKey };
}
