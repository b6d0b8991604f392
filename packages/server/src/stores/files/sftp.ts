import { createHash } from 'node:crypto';
import { Client, type SFTPWrapper } from 'ssh2';
import { ServerError } from '../../errors.ts';
import { SftpFiles, within, wordsOf } from './sftp-files.ts';
import type { StoreFiles } from './store-files.ts';

/** How a machine is reached, and how it is known that it is the one. */
export interface SftpServer {
  readonly machine: string;
  readonly port: number;
  readonly username: string;
  /** `SHA256:` and base64 without padding, as `ssh-keygen -lf` prints it. */
  readonly hostKey: string;
  readonly credentials: SftpCredentials;
}

/** What we sign in with. */
export type SftpCredentials =
  | { readonly password: string }
  | { readonly privateKey: string; readonly passphrase: string | null };

/** Longest time for reaching a machine and signing in there. */
const CONNECT_MS = 15_000;

/**
 * Signs in at a machine. Its key must be the confirmed one: another one is refused before anything secret is sent.
 *
 * @throws ServerError `host_key_refused`, `store_sign_in_refused`, `store_unreachable`
 */
export async function connectSftp(server: SftpServer, connectMs = CONNECT_MS): Promise<StoreFiles> {
  const { machine, port, username, credentials } = server;
  const client = new Client();
  let shown: string | null = null;
  const signedIn = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    // For good: a connection that is given up may say so a second time.
    client.on('error', reject);
    client.once('close', () => {
      reject(new Error('the connection was closed'));
    });
  });
  client.connect({
    host: machine,
    port,
    username,
    readyTimeout: connectMs,
    hostVerifier: (key: Buffer) => {
      shown = hostKeyFingerprint(key);
      return shown === server.hostKey;
    },
    ...('password' in credentials
      ? { password: credentials.password, authHandler: ['password'] }
      : {
          privateKey: credentials.privateKey,
          ...(credentials.passphrase === null ? {} : { passphrase: credentials.passphrase }),
          authHandler: ['publickey'],
        }),
  });
  // Small requests, each of which waits for its answer.
  client.setNoDelay(true);
  try {
    await signedIn;
    // From here on a broken connection shows in the request that waits for an answer.
    const sftp = await within(
      machine,
      new Promise<SFTPWrapper>((resolve, reject) => {
        client.sftp((error, opened) => {
          if (error === undefined) resolve(opened);
          else reject(error);
        });
      }),
    );
    return new SftpFiles(machine, client, sftp);
  } catch (error) {
    client.destroy();
    throw connectionRefused(server, shown, error);
  }
}

/** The key that a machine shows, for somebody to compare with what he knows of it. Nothing is sent there. */
export async function readHostKey(
  machine: string,
  port: number,
  connectMs = CONNECT_MS,
): Promise<string> {
  const client = new Client();
  try {
    return await new Promise<string>((resolve, reject) => {
      client.on('error', reject);
      client.once('close', () => {
        reject(new Error('the connection was closed'));
      });
      client.connect({
        host: machine,
        port,
        username: 'nobody',
        authHandler: ['none'],
        readyTimeout: connectMs,
        hostVerifier: (key: Buffer) => {
          resolve(hostKeyFingerprint(key));
          return false;
        },
      });
    });
  } catch (error) {
    throw unreachable(machine, port, error);
  } finally {
    client.destroy();
  }
}

/** As OpenSSH writes it. */
function hostKeyFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function connectionRefused(server: SftpServer, shown: string | null, error: unknown): ServerError {
  const { machine, port, username, hostKey } = server;
  if (shown !== null && shown !== hostKey)
    return new ServerError(
      'host_key_refused',
      `${machine}: expected the host key ${hostKey}, got ${shown}`,
      { members: { shown } },
    );
  const level = error instanceof Error && 'level' in error ? error.level : null;
  if (level === 'client-authentication')
    return new ServerError(
      'store_sign_in_refused',
      `${machine}: the credentials of ${username} were not accepted`,
      { cause: error },
    );
  return unreachable(machine, port, error);
}

function unreachable(machine: string, port: number, error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  return new ServerError(
    'store_unreachable',
    `${machine} cannot be reached at port ${port}: ${wordsOf(error)}`,
    { cause: error },
  );
}
