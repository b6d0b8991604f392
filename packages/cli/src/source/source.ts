import type { Content, Envelope } from '@countersign/records';
import { CliError } from '../errors.ts';
import { DEFAULT_DATA } from '../options.ts';
import { readPassword } from '../password.ts';
import { ServerClient } from '../client.ts';

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

export interface SourceOptions {
  readonly data?: string;
  readonly server?: string;
  readonly user?: string;
}

/** Opens what `--data` or `--server` names; the default is the default data folder. */
export async function openSource(
  options: SourceOptions,
  say: (line: string) => void,
): Promise<RecordSource> {
  if (options.server === undefined) {
    if (options.user !== undefined)
      throw new CliError(
        'usage',
        '--user goes with --server; a data folder has no accounts to sign in with',
      );
    const { openFolderSource } = await import('./folder.ts');
    return openFolderSource(options.data ?? DEFAULT_DATA, say);
  }
  if (options.data !== undefined)
    throw new CliError('usage', '--data and --server exclude each other: name one place to read');
  if (options.user === undefined)
    throw new CliError('usage', '--server needs --user: only auditors read the log');
  const { ServerSource } = await import('./server.ts');
  const client = new ServerClient(options.server);
  await client.signIn(options.user, await readPassword(options.user));
  return new ServerSource(client);
}
