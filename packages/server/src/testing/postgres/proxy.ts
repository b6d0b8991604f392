import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { PostgresLocation } from '../../database/location.ts';

export type Cut = 'before' | 'after' | 'unnoticed';

/** A way to a database that can be cut. */
export interface Proxy {
  readonly location: PostgresLocation;
  /**
   * Cuts the connection by which the next COMMIT comes: instead of handing it on, or when it is answered. `unnoticed`:
   * instead of handing it on, and PostgreSQL does not see that nobody is there any more.
   */
  cutAtCommit(when: Cut): void;
  /** Ends all connections and takes no new one, until `restore`. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** The simple query COMMIT (PostgreSQL's documentation, Message Formats: Query). */
const COMMIT = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

/** A proxy before a database of the cluster in `dir`; it listens on loopback. */
export async function startProxy(dir: string, database: string): Promise<Proxy> {
  const open = new Set<Socket>();
  let next: Cut | null = null;
  let closed = false;
  const server = createServer((client) => {
    if (closed) return void client.destroy();
    const upstream = createConnection(join(dir, '.s.PGSQL.5432'));
    const both = [client, upstream];
    const end = (): void => {
      for (const socket of both) {
        socket.destroy();
        open.delete(socket);
      }
    };
    for (const socket of both) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    let silent = false;
    client.on('data', (chunk: Buffer) => {
      if (next !== null && chunk.includes(COMMIT)) {
        const when = next;
        next = null;
        if (when === 'before') return end();
        if (when === 'unnoticed') {
          client.off('close', end);
          return void client.destroy();
        }
        silent = true;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      if (silent) end();
      else client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    closed = true;
    for (const socket of open) socket.destroy();
  };
  return {
    location: new PostgresLocation(
      `postgres://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    ),
    cutAtCommit: (when) => void (next = when),
    cut,
    restore: () => void (closed = false),
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
