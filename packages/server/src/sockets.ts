import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { App } from './app.ts';
import type { Config } from './config/config.ts';
import { isLoopback } from './http/address.ts';
import type { Logger } from './logger.ts';
import { createTlsListener, type TlsListener } from './tls/listener.ts';
import type { TlsMaterial } from './tls/material.ts';
import type { TlsSessions } from './tls/tls-sessions.ts';

/** Where a server is found. */
export interface Listening {
  readonly url: string;
  readonly port: number;
  /** The HTTPS listener, unless it is off. */
  readonly https: { readonly url: string; readonly port: number } | null;
}

/** The listeners of a server. */
export interface Sockets {
  listen(): Promise<Listening>;
  /** Takes up certificates and revocation lists that have changed; connections there are go on. */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** How long requests may take to finish once the server stops, in milliseconds. */
const DRAIN_MS = 10_000;

/** A server that does not listen. */
export const NO_SOCKETS: Sockets = {
  listen: async () => await Promise.reject(new Error('the server is not complete')),
  renew: async () => undefined,
  close: async () => undefined,
};

/** The HTTP and HTTPS listeners over one application; they are made when asked for, so that tests need none. */
export function createSockets(
  app: App['app'],
  config: Config,
  parts: { material: TlsMaterial; tlsSessions: TlsSessions; logger: Logger },
): Sockets {
  const { material, tlsSessions, logger } = parts;
  let plain: HttpServer | null = null;
  let tls: TlsListener | null = null;
  const close = async () => {
    const closing = [plain, tls?.server ?? null].filter((server) => server !== null);
    const secure = tls;
    plain = null;
    tls = null;
    // Node's own way of closing idle connections sends no close_notify.
    await secure?.closeIdle();
    await Promise.all(closing.map(async (server) => await closeServer(server)));
  };
  return {
    async listen() {
      try {
        plain = createAdaptorServer({
          fetch: app.fetch,
          serverOptions: {
            requestTimeout: 120_000,
            headersTimeout: 20_000,
            keepAliveTimeout: 10_000,
          },
        }) as HttpServer;
        const at = await listenOn(plain, config.host, config.port);
        if (!isLoopback(config.host) && config.publicUrl?.protocol !== 'https:') {
          logger.warn(
            'passwords cross the network in the clear: listen on loopback and let others use HTTPS, or put TLS in front and set COUNTERSIGN_PUBLIC_URL=https://…',
            { host: config.host },
          );
        }
        const url = config.publicUrl?.origin ?? `http://${urlHost(at)}:${at.port}`;
        if (config.https === null) return { url, port: at.port, https: null };
        tls = await createTlsListener(app, material, tlsSessions);
        const secure = await listenOn(tls.server, config.https.host, config.https.port);
        const https = { url: `https://${urlHost(secure)}:${secure.port}`, port: secure.port };
        return { url, port: at.port, https };
      } catch (error) {
        await close();
        throw error;
      }
    },
    async renew() {
      const renewed = tls === null ? null : await material.reload();
      if (renewed !== null) tls?.server.setSecureContext(renewed);
    },
    close,
  };
}

async function listenOn(server: HttpServer, host: string, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

function urlHost({ address, family }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return 'localhost';
  return family === 'IPv6' ? `[${address}]` : address;
}

async function closeServer(
  server: Pick<HttpServer, 'close' | 'closeAllConnections' | 'closeIdleConnections' | 'listening'>,
): Promise<void> {
  if (!server.listening) return;
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
}
