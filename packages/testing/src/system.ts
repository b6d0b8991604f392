import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, loadConfig, silentLoggers, type Server } from '@countersign/server';
import { runCli, type CliResult } from './cli.ts';
import { SystemClient } from './client.ts';
import { dogtagSet } from './paths.ts';
import { ensurePortalBuilt } from './portal.ts';
import { temporaryFolder } from './temporary.ts';

export const PASSWORDS = {
  admin: 'admin-password-of-tests',
  auditor: 'auditor-password-of-tests',
} as const;
export type Username = keyof typeof PASSWORDS;

export interface SystemOptions {
  /** Whether portal pages are asked for: builds the portal when it is not up to date. */
  readonly portal?: boolean;
  /** Settings by their environment names, e.g. `COUNTERSIGN_LOG_ACCESS`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A whole real server in this process, on a free port of this machine, with a data folder of its own. */
export interface System {
  /** Where it listens; another one after `restart`. */
  readonly url: string;
  /** The HTTPS listener: on with the setting `COUNTERSIGN_HTTPS_PORT`. */
  readonly httpsUrl: string;
  readonly dataDir: string;
  readonly logDir: string;
  readonly server: Server;
  /** A client without a session. */
  anonymous(): SystemClient;
  /** A client that has signed in. */
  as(username: Username): Promise<SystemClient>;
  /** The log's public key as an auditor is given it. */
  verifierKey(): Promise<string>;
  /** Creates a producer with the real command and returns its token. */
  createProducer(name: string): Promise<string>;
  /** Imports a set of `testdata/dogtag` with the real command, as a producer named `producer`, created when new. */
  importDogtag(
    set: string,
    options?: { producer?: string; token?: string; signal?: AbortSignal },
  ): Promise<CliResult>;
  /** The environment that makes the command sign in as a user. */
  passwordOf(username: Username): Readonly<Record<string, string>>;
  /** Stops the server and leaves its folder as it is; `start` goes on with it. */
  stop(): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Stops the server and removes the folder. */
  close(): Promise<void>;
}

/**
 * Starts a whole system.
 *
 * @example
 * const system = await startSystem();
 * const auditor = await system.as('auditor');
 * await auditor.json('/api/v1/audit/records?limit=1');
 * await system.close();
 */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  if (options.portal === true) await ensurePortalBuilt();
  const folder = await temporaryFolder('system');
  const dataDir = join(folder.path, 'data');
  const settings = {
    COUNTERSIGN_ADMIN_PASSWORD: PASSWORDS.admin,
    COUNTERSIGN_AUDITOR_PASSWORD: PASSWORDS.auditor,
    COUNTERSIGN_HTTPS_PORT: 'off',
    ...options.settings,
  };
  const tokens = new Map<string, string>();
  let running: { server: Server; url: string; httpsUrl: string | null } | undefined;

  const current = (): NonNullable<typeof running> => {
    if (running === undefined) throw new Error('the system is stopped');
    return running;
  };
  const system: System = {
    dataDir,
    logDir: join(dataDir, 'log'),
    get url() {
      return current().url;
    },
    get httpsUrl() {
      const { httpsUrl } = current();
      if (httpsUrl === null) throw new Error('COUNTERSIGN_HTTPS_PORT is off');
      return httpsUrl;
    },
    get server() {
      return current().server;
    },
    anonymous: () => new SystemClient(current().url),
    async as(username) {
      const client = system.anonymous();
      const response = await client.signIn(username, PASSWORDS[username]);
      if (!response.ok)
        throw new Error(
          `${username} could not sign in: ${response.status} ${await response.text()}`,
        );
      await response.arrayBuffer();
      return client;
    },
    verifierKey: async () => (await readFile(join(dataDir, 'keys', 'log.vkey'), 'utf8')).trim(),
    async createProducer(name) {
      const result = await runCli(['producer', 'create', name, '--data', dataDir, '--json']);
      if (result.code !== 0)
        throw new Error(`producer create ${name}: exit ${result.code}\n${result.stderr}`);
      const { token } = JSON.parse(result.stdout) as { token: string };
      tokens.set(name, token);
      return token;
    },
    async importDogtag(set, { producer = set, token, signal } = {}) {
      const dir = dogtagSet(set);
      const bearer = token ?? tokens.get(producer) ?? (await system.createProducer(producer));
      const args = [
        '--cert',
        join(dir, 'signing-cert.pem'),
        '--server',
        current().url,
        '--producer',
        producer,
        '--token',
        bearer,
      ];
      return runCli(['dogtag', 'import', ...args, dir], signal === undefined ? {} : { signal });
    },
    passwordOf: (username) => ({ COUNTERSIGN_PASSWORD: PASSWORDS[username] }),
    async stop() {
      const { server } = current();
      running = undefined;
      await server.close();
    },
    async start() {
      if (running !== undefined) throw new Error('the system is running already');
      const server = await createServer(
        loadConfig(settings, { data: dataDir, host: '127.0.0.1', port: 0 }),
        { loggers: silentLoggers },
      );
      const { url, https } = await server.listen();
      running = { server, url, httpsUrl: https?.url ?? null };
    },
    async restart() {
      await system.stop();
      await system.start();
    },
    async close() {
      if (running !== undefined) await system.stop();
      await folder.remove();
    },
  };
  try {
    await system.start();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return system;
}
