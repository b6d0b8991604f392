import type { ServerClient } from '../client.ts';
import { CliError } from '../errors.ts';
import type { FullRecord, RecordSource, SearchPage, SearchRequest } from './source.ts';

const RECORDS = '/api/v1/audit/records';

/** Reads through the REST API of a running server, as the account that signed in; the server records it. */
export class ServerSource implements RecordSource {
  readonly #client: ServerClient;

  constructor(client: ServerClient) {
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
    const response = await this.#client.get(`${RECORDS}/${index}/proof`);
    return response.text();
  }

  close(): Promise<void> {
    return this.#client.signOut();
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
