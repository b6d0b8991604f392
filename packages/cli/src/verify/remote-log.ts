import { formatEntriesPath, formatTilePath, TILE_WIDTH, type Tile } from '@countersign/tlog';
import type { ServerClient } from '../client.ts';

/** How many requests are under way at once. */
const PARALLEL = 6;

/** Another's log as tlog-tiles serves it: what a stranger sees of it. */
export interface RemoteLog {
  checkpoint(): Promise<string>;
  tile(tile: Tile): Promise<Uint8Array>;
  /** The entry bundles of a log of `size` records, in order, `PARALLEL` requested ahead. */
  bundles(size: number): AsyncIterable<{
    readonly path: string;
    readonly first: number;
    readonly count: number;
    readonly bytes: Uint8Array;
  }>;
}

/** @param prefix path of the log on the server, `/log` */
export function openRemoteLog(client: ServerClient, prefix = '/log'): RemoteLog {
  const fetchBytes = async (path: string): Promise<Uint8Array> => {
    const response = await client.get(`${prefix}/${path}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    checkpoint: async () => (await client.get(`${prefix}/checkpoint`)).text(),
    tile: (tile) => fetchBytes(formatTilePath(tile)),
    async *bundles(size) {
      const count = Math.ceil(size / TILE_WIDTH);
      const ahead: Promise<Uint8Array>[] = [];
      const width = (index: number): number => Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      const request = (index: number): void => {
        const bytes = fetchBytes(formatEntriesPath(index, width(index)));
        // A failure is thrown where it is awaited below; until then it must not count as unhandled.
        bytes.catch(() => undefined);
        ahead.push(bytes);
      };
      for (let index = 0; index < Math.min(count, PARALLEL); index++) request(index);
      for (let index = 0; index < count; index++) {
        const bytes = await (ahead.shift() as Promise<Uint8Array>);
        if (index + PARALLEL < count) request(index + PARALLEL);
        yield {
          path: formatEntriesPath(index, width(index)),
          first: index * TILE_WIDTH,
          count: width(index),
          bytes,
        };
      }
    },
  };
}
