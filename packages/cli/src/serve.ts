import { createServer as createNetServer } from 'node:net';
import { LedgerError } from '@countersign/ledger';
import {
  closeOnSignal,
  createLoggers,
  createServer,
  dataPaths,
  formatFirstStart,
  loadConfig,
  pkiPaths,
  type Config,
  type FirstStart,
  type Server,
} from '@countersign/server';
import { CliError, fileTrouble, systemCode } from './errors.ts';
import type { Output } from './output.ts';

export interface ServeOptions {
  readonly data: string;
  /** A PostgreSQL URL, or the path of a SQLite file. */
  readonly database?: string;
  readonly host?: string;
  readonly port?: number;
  readonly httpsPort?: number | 'off';
  readonly eventNames?: 'current' | '10.4';
}

/** A server that listens. */
export interface Running {
  readonly server: Server;
  readonly config: Config;
  readonly url: string;
  /** The HTTPS listener, unless it is off. */
  readonly httpsUrl: string | null;
  readonly firstStart: FirstStart | null;
}

/**
 * Starts the server over a data folder.
 *
 * @throws CliError `port_in_use`, `address_unavailable`, `data_locked`, `file_unwritable`; ConfigError
 */
export async function startServer(options: ServeOptions): Promise<Running> {
  let config = loadConfig(process.env, options);
  // Warnings and worse are for the operator; what went well is in the log itself.
  const loggers = createLoggers(
    (line) => void (line.includes('"level":"info"') || process.stderr.write(`${line}\n`)),
  );
  // Before anything is made: a first start that cannot listen must leave nothing behind.
  await tryAddress('port', config);
  if (config.https !== null) {
    const taken = await tryAddress('https-port', config.https).catch((error: unknown) => error);
    if (taken !== undefined && !(config.https.isDefault && isTaken(taken))) throw taken;
    if (taken !== undefined) {
      process.stderr.write(
        `HTTPS is off: port ${config.https.port} is in use; --https-port names another\n`,
      );
      config = loadConfig(process.env, { ...options, httpsPort: 'off' });
    }
  }
  const server = await createServer(config, { loggers }).catch((error: unknown) => {
    throw describeFolder(error, config, options.data);
  });
  try {
    const { url, https } = await server.listen();
    const httpsUrl = https?.url ?? null;
    return { server, config, url, httpsUrl, firstStart: server.firstStart };
  } catch (error) {
    await server.close();
    // Somebody took the port in between. The passwords are shown once, and this was the once.
    if (server.firstStart !== null)
      process.stderr.write(`${formatFirstStart(server.firstStart)}\n`);
    throw describeAddress(error, config);
  }
}

/**
 * Opens the server over a data folder without listening anywhere: what it answers is asked in this process.
 *
 * @throws CliError `data_locked`, `file_unwritable`; ConfigError
 */
export async function openServer(data: string): Promise<Server> {
  const config = loadConfig(process.env, { data, port: 0, httpsPort: 'off' });
  const loggers = createLoggers(
    (line) => void (line.includes('"level":"info"') || process.stderr.write(`${line}\n`)),
  );
  return await createServer(config, { loggers }).catch((error: unknown) => {
    throw describeFolder(error, config, data);
  });
}

/** Prints where to go and, at the first start, the passwords: this once and nowhere else. */
export function announce(output: Output, { url, httpsUrl, config, firstStart }: Running): void {
  const { verifierKey } = dataPaths(config.dataDir);
  if (output.json) {
    output.printJson({
      url,
      httpsUrl,
      data: config.dataDir,
      logKey: verifierKey,
      accounts: firstStart?.accounts ?? [],
    });
    return;
  }
  if (firstStart !== null) output.print(formatFirstStart(firstStart));
  output.print(`portal:     ${output.style('bold', `${url}/portal/`)}`);
  if (httpsUrl !== null) output.print(`https:      ${httpsUrl}/portal/`);
  if (firstStart !== null) {
    const { clients } = pkiPaths(dataPaths(config.dataDir).keys);
    output.print(`certificates: ${clients} (give each to its owner and remove it here)`);
  }
  output.print(`data:       ${config.dataDir}`);
  output.print(`public key: ${verifierKey} (give it to auditors)`);
  output.say('Ctrl-C stops the server');
}

/** Resolves when a signal has stopped the server in order. */
export async function untilStopped(output: Output, { server }: Running): Promise<void> {
  await closeOnSignal(server, (line) => output.say(line));
  output.say('stopped');
}

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Listens for a moment. @throws CliError as `startServer` does */
async function tryAddress(option: string, at: Address): Promise<void> {
  const probe = createNetServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(at.port, at.host, resolve);
    });
  } catch (error) {
    throw describeAddress(error, at, option);
  }
  await new Promise((resolve) => probe.close(resolve));
}

function isTaken(error: unknown): boolean {
  return error instanceof CliError && error.code === 'port_in_use';
}

function describeFolder(error: unknown, config: Config, data: string): unknown {
  if (error instanceof LedgerError && error.code === 'log_locked') {
    return new CliError(
      'data_locked',
      `--data "${data}" is in use by another process: a log has one writer`,
      {
        cause: error,
        details: { data: config.dataDir },
      },
    );
  }
  switch (systemCode(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOSPC':
    case 'ENOTDIR':
    case 'EEXIST':
      return new CliError(
        'file_unwritable',
        `--data "${data}" cannot be written: ${fileTrouble(error)}`,
        {
          cause: error,
          details: { data: config.dataDir },
        },
      );
    case undefined:
    default:
      return error;
  }
}

function describeAddress(error: unknown, { host, port }: Address, option = 'port'): unknown {
  const details = { host, port };
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new CliError(
        'port_in_use',
        `--${option} ${port} is in use on ${host}: stop what listens there or name another port (0: any free one)`,
        {
          cause: error,
          details,
        },
      );
    case 'EACCES':
      return new CliError(
        'address_unavailable',
        `--${option} ${port} on ${host} may not be listened on: ports below 1024 need a right`,
        { cause: error, details },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CliError('address_unavailable', `--host "${host}" is no address of this machine`, {
        cause: error,
        details,
      });
    case undefined:
    default:
      return error;
  }
}
