import type { Content, Envelope } from '@countersign/records';
import { CliError } from '../errors.ts';
import { DEFAULT_DATA } from '../options.ts';
import { readPassword } from '../password.ts';
import { ServerClient } from '../client.ts';
import type { GlobalOptions } from '../pki/global-options.ts';
import { openPeer, trustAuthorities } from '../pki/peer.ts';
import { openSession } from '../pki/session.ts';
import type { SignedIn } from './server.ts';

/** A record as people see it. */
export interface RecordView {
  readonly index: number;
  readonly envelope: Envelope;
  /** null: erased. */
  readonly content: Content | null;
  readonly sentence: string;
  /** Hex. */
  readonly leafHash: string;
}

/** A record with the exact bytes that were hashed, in base64. */
export interface FullRecord extends RecordView {
  readonly envelopeBytes: string;
  /** null like the content: erased. */
  readonly salt: string | null;
  readonly contentBytes: string | null;
}

export interface SearchRequest {
  readonly query: string;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor?: string;
}

export interface SearchPage {
  readonly records: readonly RecordView[];
  readonly next: string | null;
}

/** Where the reading commands read: a data folder or a server. */
export interface RecordSource {
  search(request: SearchRequest): Promise<SearchPage>;
  read(index: number): Promise<FullRecord>;
  /** @returns the text of a `.tlog-proof` */
  prove(index: number): Promise<string>;
  close(): Promise<void>;
}

export interface SourceOptions extends GlobalOptions {
  readonly data?: string;
  readonly server?: string;
  readonly user?: string;
}

/** The global options that commands with a source take: who signs in, and which authorities are trusted. */
export const SOURCE_GLOBALS = ['nickname', 'dir', 'url', 'ca', 'verbose'] as const;

/** Opens what `--data`, `--server` or `-n` name; the default is the default data folder. */
export async function openSource(
  options: SourceOptions,
  say: (line: string) => void,
): Promise<RecordSource> {
  const { data, server, user, nickname, url } = options;
  const byCertificate = nickname !== undefined;
  if (byCertificate && user !== undefined)
    throw new CliError('usage', '-n and --user exclude each other: name one way to sign in');
  if (url !== undefined && (server !== undefined || !byCertificate))
    throw new CliError('usage', '-U goes with -n, --server with --user: name one server');
  if (server === undefined && !byCertificate) {
    if (user !== undefined)
      throw new CliError(
        'usage',
        '--user goes with --server; a data folder has no accounts to sign in with',
      );
    const { openFolderSource } = await import('./folder.ts');
    return openFolderSource(data ?? DEFAULT_DATA, say);
  }
  if (data !== undefined)
    throw new CliError(
      'usage',
      `--data and ${server === undefined ? '-n' : '--server'} exclude each other: name one place to read`,
    );
  const { ServerSource } = await import('./server.ts');
  if (byCertificate) return new ServerSource(await signInByCertificate(options, say));
  if (user === undefined)
    throw new CliError('usage', '--server needs --user or -n: only auditors read the log');
  if (server?.startsWith('https:') === true) await trustAuthorities(options);
  const client = new ServerClient(server ?? '');
  await client.signIn(user, await readPassword(user));
  return new ServerSource(client);
}

async function signInByCertificate(
  options: SourceOptions,
  say: (line: string) => void,
): Promise<SignedIn> {
  const { server, verbose = false } = options;
  if (server?.startsWith('http:') === true)
    throw new CliError('usage', '-n needs an https:// address: a certificate is shown over TLS');
  const peer = await openPeer({ ...options, ...(server !== undefined && { url: server }) }, say);
  const { session, close } = await openSession(peer, { verbose, say });
  return {
    url: peer.url,
    getJson: (path) => session.json('GET', path),
    getText: async (path) => (await session.send('GET', path)).body.toString(),
    signOut: close,
  };
}
