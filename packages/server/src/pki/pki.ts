import { randomBytes, X509Certificate } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isHostName } from '../ca/alt-names.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { readIfThere, writeWhole } from './files.ts';
import { issue, parseIdentity, type CertificateRequest, type Identity } from './issue.ts';
import { formatPkcs12 } from './pkcs12.ts';

/** Where keys and certificates are below `<data>/keys`. A `.pem` with a key has the certificate, too: both or none. */
export function pkiPaths(keysDir: string) {
  return {
    authority: join(keysDir, 'ca.pem'),
    authorityCertificate: join(keysDir, 'ca.crt'),
    revocations: join(keysDir, 'ca.crl'),
    server: join(keysDir, 'tls.pem'),
    auditSigning: join(keysDir, 'audit-signing.pem'),
    auditSigningCertificate: join(keysDir, 'audit-signing.crt'),
    clients: join(keysDir, 'clients'),
  } as const;
}

/** The built-in authority and what it has issued for this server. */
export interface Pki {
  /** The authority's certificate: what clients of ours are told to trust. */
  readonly authority: X509Certificate;
  /** Null when `ca.pem` was taken away and only `ca.crt` is left: nothing can be issued then. */
  readonly issuer: Identity | null;
  /** Signs the audit log's files for tools that know certificates; a key of its own. */
  readonly auditSigning: Identity;
}

/** A key or certificate file cannot be used. */
export class PkiError extends Error {
  override readonly name = 'PkiError';
  readonly code: 'pki_malformed' | 'pki_missing';
  readonly file: string;
  constructor(code: PkiError['code'], file: string, message: string, cause?: unknown) {
    super(`${file}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
  }
}

/** The server's certificate is renewed when it is valid for less than this. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

/**
 * Opens the built-in PKI and makes what is missing of it. Each identity is one file, written whole: a start that was
 * interrupted goes on where it was. Throws {@link PkiError} for files that are there and cannot be read.
 */
export async function openPki(
  keysDir: string,
  options: { readonly origin: string; readonly now: Date },
): Promise<Pki> {
  const { origin, now } = options;
  const paths = pkiPaths(keysDir);
  await mkdir(paths.clients, { recursive: true, mode: 0o700 });
  await chmod(paths.clients, 0o700);
  let issuer = await readIdentity(paths.authority);
  const published = await readIfThere(paths.authorityCertificate);
  if (issuer === null && published === null) {
    issuer = await issue(
      { purpose: 'authority', subject: subject(origin, 'CA Signing Certificate'), now },
      null,
    );
    await writeWhole(paths.authority, issuer.pem);
  }
  const authority = issuer?.certificate ?? new X509Certificate(published ?? '');
  if (published !== authority.toString())
    await writeWhole(paths.authorityCertificate, authority.toString(), 0o644);

  let auditSigning = await readIdentity(paths.auditSigning);
  if (auditSigning === null) {
    const wanted = subject(origin, 'CA Audit Signing Certificate');
    auditSigning = await issue(
      { purpose: 'audit-signing', subject: wanted, now },
      needIssuer(issuer, paths.auditSigning, paths.authority),
    );
    await writeWhole(paths.auditSigning, auditSigning.pem);
  }
  const signing = auditSigning.certificate.toString();
  if ((await readIfThere(paths.auditSigningCertificate)) !== signing)
    await writeWhole(paths.auditSigningCertificate, signing, 0o644);
  return { authority, issuer, auditSigning };
}

/**
 * The server's built-in certificate: the one there is, or a new one when there is none, when it ends within 30 days, or
 * when the server is known by a name that is not in it. Without the authority's key the old one is used on.
 */
export async function serverIdentity(
  keysDir: string,
  pki: Pki,
  options: {
    readonly names: readonly string[];
    readonly origin: string;
    readonly now: Date;
    readonly logger: Logger;
  },
): Promise<Identity> {
  const { names, origin, now, logger } = options;
  const paths = pkiPaths(keysDir);
  const old = await readIdentity(paths.server);
  if (old !== null) {
    const missing = names.filter((name) => !covers(old.certificate, name));
    const left = Date.parse(old.certificate.validTo) - now.getTime();
    const foreign = !old.certificate.checkIssued(pki.authority);
    if (missing.length === 0 && left > RENEW_BEFORE_MS && !foreign) return old;
    if (pki.issuer === null) {
      logger.warn('the server certificate cannot be renewed without the key of its authority', {
        file: paths.server,
        validTo: old.certificate.validTo,
        missing: missing.join(', '),
      });
      return old;
    }
  }
  const request: CertificateRequest = {
    purpose: 'server',
    subject: subject(origin, names[0] ?? 'localhost'),
    names,
    now,
  };
  const renewed = await issue(request, needIssuer(pki.issuer, paths.server, paths.authority));
  await writeWhole(paths.server, renewed.pem);
  return renewed;
}

/** The names and addresses under which the server is reached. */
export function serverNames(
  config: Pick<Config, 'host' | 'https' | 'publicUrl' | 'allowedHosts'>,
): string[] {
  const wanted = [
    'localhost',
    '127.0.0.1',
    '::1',
    hostname().toLowerCase(),
    config.host,
    config.https?.host ?? '',
    config.publicUrl?.hostname.replaceAll(/[[\]]/g, '') ?? '',
    ...config.allowedHosts,
  ];
  const usable = wanted
    .map((name) => name.toLowerCase())
    .filter((name) => (isIP(name) === 0 ? isHostName(name) : name !== '0.0.0.0' && name !== '::'));
  return [...new Set(usable)];
}

/**
 * A user's certificate with key, as `clients/<name>.pem` and `.p12`, the latter's password in `.p12.password`. What an
 * interrupted start has left is taken up.
 */
export async function clientIdentity(
  keysDir: string,
  pki: Pki,
  options: { readonly username: string; readonly origin: string; readonly now: Date },
): Promise<Identity> {
  const { username, origin, now } = options;
  const paths = pkiPaths(keysDir);
  const base = join(paths.clients, username);
  let client = await readIdentity(`${base}.pem`);
  if (client === null) {
    client = await issue(
      { purpose: 'client', subject: subject(origin, username), now },
      needIssuer(pki.issuer, `${base}.pem`, paths.authority),
    );
    await writeWhole(`${base}.pem`, client.pem + pki.authority.toString());
  }
  const password = randomBytes(16).toString('base64url');
  const bundle = await formatPkcs12(client, pki.authority, { name: username, password });
  // The password first: a file is never there without it. Both are made anew together.
  await writeWhole(`${base}.p12.password`, `${password}\n`);
  await writeWhole(`${base}.p12`, bundle);
  return client;
}

/** A certificate with key for a user, kept nowhere. Null: the authority's key is not here. */
export async function issueClient(
  pki: Pki,
  options: { readonly username: string; readonly origin: string; readonly now: Date },
): Promise<Identity | null> {
  const { username, origin, now } = options;
  if (pki.issuer === null) return null;
  return await issue({ purpose: 'client', subject: subject(origin, username), now }, pki.issuer);
}

function subject(origin: string, commonName: string): [type: string, value: string][] {
  // RFC 5280 limits OU and CN to 64 characters.
  return [
    ['O', 'Countersign'],
    ['OU', origin.slice(0, 64)],
    ['CN', commonName.slice(0, 64)],
  ];
}

function covers(certificate: X509Certificate, name: string): boolean {
  if (isIP(name) !== 0) return certificate.checkIP(name) !== undefined;
  return certificate.checkHost(name, { subject: 'never' }) !== undefined;
}

function needIssuer(issuer: Identity | null, wanted: string, file: string): Identity {
  if (issuer !== null) return issuer;
  throw new PkiError('pki_missing', file, `the authority's key is needed to make ${wanted}`);
}

async function readIdentity(file: string): Promise<Identity | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  try {
    return parseIdentity(text);
  } catch (error) {
    // The cause may repeat the key: only the kind of fault is told.
    const why = error instanceof Error ? error.message.slice(0, 100) : 'unreadable';
    throw new PkiError(
      'pki_malformed',
      file,
      `expected a key and its certificate as PEM, got: ${why}`,
    );
  }
}
