import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EVENT_NAMES, type EventNames } from '@countersign/records';
import type { StateLocation } from '../database/location.ts';
import { readDatabase } from './database.ts';
import { ConfigError, type ConfigFault } from './fault.ts';
import { ENVIRONMENT, readEnvironment, type Raw } from './names.ts';
import { readOidc, type OidcConfig } from './oidc.ts';
import { readStoreRoots } from './store-roots.ts';
import { readSecrets, type Secrets } from './secrets.ts';

export { ConfigError, type ConfigFault } from './fault.ts';

/** Who may fetch `/log/checkpoint` and the tiles: anybody, or auditors only. */
export type LogAccess = 'open' | 'auditors';

/** Everything the server needs to know, checked. Secrets are apart and never printed. */
export interface Config {
  readonly dataDir: string;
  /** Where the state is: `state.db` in the data folder, unless the setting says otherwise. */
  readonly database: StateLocation;
  readonly portalDir: string;
  readonly host: string;
  readonly port: number;
  /** Where the HTTPS listener is; null: there is none. */
  readonly https: {
    readonly host: string;
    readonly port: number;
    /** Nobody named the port: where it is taken, the server may go without HTTPS. */
    readonly isDefault: boolean;
  } | null;
  /** The operator's own PEM files; null: the built-in ones. Certificate and key are both there or both null. */
  readonly tls: {
    readonly certificate: string | null;
    readonly key: string | null;
    /** Authorities of client certificates. */
    readonly clientAuthority: string | null;
    readonly revocations: string | null;
  };
  /** The log's origin for a data folder that does not exist yet; an existing one keeps its own. */
  readonly origin: string | null;
  /** Where browsers find us when a TLS proxy stands in front; null: the listening address itself, plain http. */
  readonly publicUrl: URL | null;
  /** Where certificates say that `/pki/…` is reached, without a slash at the end; null: they do not say. */
  readonly pkiUrl: string | null;
  /** Host names accepted beside `localhost`, IP addresses and the public URL's. */
  readonly allowedHosts: readonly string[];
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  readonly logAccess: LogAccess;
  /** An AUDIT_LOG_SIGNING record at the latest after so many minutes, and after so many records. */
  readonly signing: { readonly minutes: number; readonly records: number };
  /** Under which names events stand in signed audit files. */
  readonly eventNames: EventNames;
  readonly session: { readonly idleMs: number; readonly absoluteMs: number };
  readonly lockout: {
    readonly failures: number;
    readonly windowMs: number;
    readonly lockMs: number;
  };
  readonly limits: RateLimits;
  /** The identity provider people may sign in with; null: none. */
  readonly oidc: OidcConfig | null;
  /** The file whose key opens the vault; null: `keys/vault.key` in the data folder. */
  readonly keyFile: string | null;
  /** PKCS#11 modules that may be loaded: they are code, so the operator names them. */
  readonly pkcs11Modules: readonly string[];
  /** Folders of this machine in which stores of certificates may be; none: no stores on this machine. */
  readonly storeRoots: readonly string[];
  readonly secrets: Secrets;
}

/** How much one address or one user may do before the rest is answered 429 and recorded as a sum. */
export interface RateLimits {
  /** Sign-in attempts per address and minute. */
  readonly signInsPerMinute: number;
  /** TLS sessions without a certificate recorded one by one, per address and minute. */
  readonly sessionsPerMinute: number;
  /** Refused requests recorded one by one, per address (anonymous) or user, and minute. */
  readonly denialsPerMinute: number;
  /** Anonymous refusals recorded one by one over all addresses, per minute. */
  readonly anonymousDenialsPerMinute: number;
}

/** What the command line may say; it wins over the environment. */
export interface ConfigArguments {
  readonly data?: string;
  /** A PostgreSQL URL, or the path of a SQLite file. */
  readonly database?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly httpsHost?: string;
  /** A port, 0 for any free one, or `off`. */
  readonly httpsPort?: number | string;
  readonly origin?: string;
  readonly portalDir?: string;
  readonly publicUrl?: string;
  readonly logAccess?: string;
  readonly eventNames?: string;
}

const MINUTE = 60_000;
const ORIGIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[A-Za-z0-9._-]+)*$/;
const DEFAULT_PORTAL = fileURLToPath(new URL('../../../portal/dist', import.meta.url));

/**
 * Builds the configuration: names → one typed, cross-checked object, secrets apart.
 * Throws {@link ConfigError} naming every faulty setting.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  args: ConfigArguments = {},
): Config {
  const raw = merge(readEnvironment(env), args);
  const faults: ConfigFault[] = [];
  const fault = (key: keyof Raw, expected: string, got: string) =>
    faults.push({ name: ENVIRONMENT[key], expected, got });
  const whole = (
    key: 'port' | 'httpsPort' | 'signingMinutes' | 'signingRecords',
    least: number,
    most: number,
    otherwise: number,
  ) => {
    const text = raw[key];
    if (text === undefined) return otherwise;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    fault(key, `a whole number from ${least} to ${most}`, text);
    return otherwise;
  };

  const origin = raw.origin ?? null;
  if (origin !== null && !ORIGIN.test(origin)) {
    fault('origin', 'a host name with an optional path, without scheme or spaces', origin);
  }
  const logAccess = raw.logAccess ?? 'open';
  if (logAccess !== 'open' && logAccess !== 'auditors') {
    fault('logAccess', '"open" or "auditors"', logAccess);
  }
  const eventNames = EVENT_NAMES.find((name) => name === (raw.eventNames ?? 'current'));
  if (eventNames === undefined) fault('eventNames', '"current" or "10.4"', raw.eventNames ?? '');
  let publicUrl: URL | null = null;
  if (raw.publicUrl !== undefined) {
    publicUrl = URL.parse(raw.publicUrl);
    if (publicUrl === null || !/^https?:$/.test(publicUrl.protocol) || publicUrl.pathname !== '/') {
      fault('publicUrl', 'an http(s) URL without a path', raw.publicUrl);
      publicUrl = null;
    }
  }
  let pkiUrl: URL | null = null;
  if (raw.pkiUrl !== undefined) {
    pkiUrl = URL.parse(raw.pkiUrl);
    if (pkiUrl === null || !/^https?:$/.test(pkiUrl.protocol) || pkiUrl.search + pkiUrl.hash !== '')
      fault('pkiUrl', 'an http(s) URL without a query', raw.pkiUrl);
  }
  const trustedProxies = list(raw.trustedProxies);
  for (const proxy of trustedProxies) {
    if (isIP(proxy) === 0) fault('trustedProxies', 'IP addresses separated by commas', proxy);
  }
  const host = raw.host ?? '127.0.0.1';
  if (isIP(host) === 0 && !/^[A-Za-z0-9.-]+$/.test(host))
    fault('host', 'an address or host name', host);
  const port = whole('port', 0, 65_535, 8080);
  const httpsHost = raw.httpsHost ?? host;
  if (isIP(httpsHost) === 0 && !/^[A-Za-z0-9.-]+$/.test(httpsHost))
    fault('httpsHost', 'an address or host name', httpsHost);
  // Who takes any free port for the one does not mean a fixed port for the other.
  const httpsPort =
    raw.httpsPort === 'off' ? null : whole('httpsPort', 0, 65_535, port === 0 ? 0 : 8443);
  if ((raw.tlsCert === undefined) !== (raw.tlsKey === undefined)) {
    const [given, missing] =
      raw.tlsKey === undefined
        ? (['tlsCert', 'tlsKey'] as const)
        : (['tlsKey', 'tlsCert'] as const);
    fault(missing, `a file, as ${ENVIRONMENT[given]} is set`, '');
  }

  const secrets = readSecrets(raw, faults);
  const dataDir = resolve((raw.data ?? 'data').replace(/^~(?=\/)/, homedir()));
  const config: Config = {
    dataDir,
    database: readDatabase(raw, dataDir, faults),
    portalDir: resolve(raw.portalDir ?? DEFAULT_PORTAL),
    host,
    port,
    https:
      httpsPort === null
        ? null
        : { host: httpsHost, port: httpsPort, isDefault: raw.httpsPort === undefined },
    tls: {
      certificate: file(raw.tlsCert),
      key: file(raw.tlsKey),
      clientAuthority: file(raw.clientCa),
      revocations: file(raw.clientCrl),
    },
    origin,
    publicUrl,
    pkiUrl: (pkiUrl ?? publicUrl)?.href.replace(/\/$/, '') ?? loopbackUrl(host, port),
    // Who reads a certificate asks under the name that it says.
    allowedHosts: [
      ...list(raw.allowedHosts).map((name) => name.toLowerCase()),
      ...(pkiUrl === null ? [] : [pkiUrl.hostname]),
    ],
    trustedProxies,
    logAccess: logAccess === 'auditors' ? 'auditors' : 'open',
    signing: {
      minutes: whole('signingMinutes', 1, 44_640, 60),
      records: whole('signingRecords', 10, 100_000_000, 100_000),
    },
    eventNames: eventNames ?? 'current',
    session: { idleMs: 15 * MINUTE, absoluteMs: 480 * MINUTE },
    lockout: { failures: 5, windowMs: 15 * MINUTE, lockMs: 15 * MINUTE },
    limits: {
      signInsPerMinute: 60,
      sessionsPerMinute: 300,
      denialsPerMinute: 120,
      anonymousDenialsPerMinute: 300,
    },
    keyFile: file(raw.keyFile),
    pkcs11Modules: list(raw.pkcs11Modules),
    storeRoots: readStoreRoots(raw, dataDir, faults),
    secrets,
    oidc: readOidc(raw, secrets, faults),
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

/** Where a server that only this machine reaches is reached. */
function loopbackUrl(host: string, port: number): string | null {
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return isLoopback && port !== 0 ? `http://localhost:${port}` : null;
}

/** The folder of the portal's build that is used when none is named. */
export const defaultPortalDir: string = DEFAULT_PORTAL;

function merge(raw: Raw, args: ConfigArguments): Raw {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== '');
  return { ...raw, ...Object.fromEntries(given.map(([key, value]) => [key, String(value)])) };
}

function file(path: string | undefined): string | null {
  return path === undefined ? null : resolve(path.replace(/^~(?=\/)/, homedir()));
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
