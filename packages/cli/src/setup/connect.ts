import { existsSync } from 'node:fs';
import type { FirstStart } from '@countersign/server';
import { ServerClient } from '../client.ts';
import { CliError } from '../errors.ts';
import { readPassword } from '../password.ts';

/** A server that is set up, running elsewhere or only for this. */
export interface SetupServer {
  readonly client: ServerClient;
  /** The accounts that were made, when this was the first start of the folder. */
  readonly firstStart: FirstStart | null;
  /** Signs out, and ends what was begun for this. */
  close(this: void): Promise<void>;
}

/** The port of a server that listens nowhere: nothing is sent there. */
const NOWHERE = 'http://localhost';

/** Signs in at a running server. @throws CliError `sign_in_failed`, `server_unreachable`, `usage` */
export async function connectTo(url: string, user: string): Promise<SetupServer> {
  const client = new ServerClient(url);
  await client.signIn(user, await readPassword(user));
  return { client, firstStart: null, close: async () => await client.signOut() };
}

/**
 * Opens the server of a data folder in this process and signs in: each change is one of somebody, asked for and recorded
 * as through the portal. A folder that is not there is made, and then the password is the one made up for it.
 *
 * @throws CliError `data_locked` when a server runs there, `sign_in_failed`, `file_unwritable`
 */
export async function openFolder(
  data: string,
  user: string,
  { mayCreate }: { readonly mayCreate: boolean },
): Promise<SetupServer> {
  if (!mayCreate && !existsSync(data))
    throw new CliError('file_unreadable', `--data "${data}": there is nothing to compare with yet`);
  const { openServer } = await import('../serve.ts');
  const server = await openServer(data).catch((error: unknown) => {
    if (!(error instanceof CliError) || error.code !== 'data_locked') throw error;
    throw new CliError(
      'data_locked',
      `--data "${data}" is in use by a running server: name it with --server`,
      { cause: error },
    );
  });
  const { firstStart } = server;
  const client = new ServerClient(NOWHERE, async (url, init) => {
    const env = { incoming: { socket: { remoteAddress: '127.0.0.1' } } };
    return await server.app.request(url, init, env);
  });
  try {
    await client.signIn(user, await passwordOf(user, firstStart));
  } catch (error) {
    await server.close();
    throw error;
  }
  return {
    client,
    firstStart,
    async close() {
      await client.signOut();
      await server.close();
    },
  };
}

/** At the first start nobody but this process knows the passwords, or the operator has set them. */
async function passwordOf(user: string, firstStart: FirstStart | null): Promise<string> {
  const made = firstStart?.accounts.find(({ username }) => username === user);
  const chosen = made === undefined ? undefined : process.env['COUNTERSIGN_ADMIN_PASSWORD'];
  return made?.password ?? chosen ?? (await readPassword(user));
}
