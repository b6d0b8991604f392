import { CliError } from '../errors.ts';
import type { FullRecord, RecordSource, SearchPage, SearchRequest } from './source.ts';

const RECORDS = '/api/v1/audit/records';

/** A server with somebody signed in, however he did it. */
export interface SignedIn {
  readonly url: string;
  getJson(path: string): Promise<unknown>;
  getText(path: string): Promise<string>;
  signOut(): Promise<void>;
}

/** Reads through the REST API of a running server, as the account that signed in; the server records it. */
export class ServerSource implements RecordSource {
  readonly #client: SignedIn;

  constructor(client: SignedIn) {
    this.#client = client;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const parameters = new URLSearchParams({ limit: String(request.limit), order: request.order });
    if (request.query !== '') parameters.set('query', request.query);
    if (request.cursor !== undefined) parameters.set('cursor', request.cursor);
    const page = await this.#client.getJson(`${RECORDS}?${parameters.toString()}`);
    if (!isObject(page) || !Array.isArray(page['records'])) {
      throw new CliError(
        'server_malformed',
        `${this.#client.url}${RECORDS}: expected an object with "records", got something else`,
      );
    }
    return page as unknown as SearchPage;
  }

  async read(index: number): Promise<FullRecord> {
    const record = await this.#client.getJson(`${RECORDS}/${index}`);
    if (!isObject(record) || typeof record['envelopeBytes'] !== 'string') {
      throw new CliError(
        'server_malformed',
        `${this.#client.url}${RECORDS}/${index}: expected a record with "envelopeBytes", got something else`,
      );
    }
    return record as unknown as FullRecord;
  }

  async prove(index: number): Promise<string> {
    return this.#client.getText(`${RECORDS}/${index}/proof`);
  }

  close(): Promise<void> {
    return this.#client.signOut();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
