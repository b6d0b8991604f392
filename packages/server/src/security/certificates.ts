import { X509Certificate } from 'node:crypto';
import { describeCertificate, enrollCertificate } from '../accounts/certificates.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';
import type { Pki } from '../pki/pki.ts';
import type { SecurityTransaction } from './change.ts';
import { credentialAdministered } from './credential-records.ts';
import { assertOrder } from './guards.ts';
import { findPerson, type EnrolledCertificate, type Identity } from './identity-view.ts';

/** Extended key usage of TLS clients, RFC 5280 section 4.2.1.12. */
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** One certificate in PEM and nothing else, RFC 7468 section 5.1. */
const PEM =
  /^\s*-----BEGIN CERTIFICATE-----\r?\n((?:[A-Za-z0-9+/=]{1,76}\r?\n)+)-----END CERTIFICATE-----\s*$/;
/** One user needs no more at the same time. */
const MAX_CERTIFICATES = 20;

/** Reads a client certificate. Throws `certificate_refused`, saying why it cannot be one. */
export function parseClientCertificate(pem: string, now: Date): X509Certificate {
  const base64 = PEM.exec(pem)?.[1];
  if (base64 === undefined) throw refused('one certificate in PEM', 'something else');
  const certificate = parse(Buffer.from(base64, 'base64'));
  if (certificate.ca) throw refused("an end entity's certificate", "an authority's");
  if (!(certificate.keyUsage ?? []).includes(CLIENT_AUTH))
    throw refused('a certificate for TLS clients (extended key usage)', 'one for something else');
  const validTo = new Date(certificate.validTo);
  if (validTo <= now)
    throw refused('a certificate that is valid', `one that ended ${validTo.toISOString()}`);
  if (certificate.subject === undefined)
    throw refused('a certificate with a subject', 'one without');
  return certificate;
}

/**
 * Makes a certificate a user's: who shows it, is the user. Throws `not_found`, `already_exists` when it is somebody's,
 * `certificate_refused` when he has too many.
 */
export async function addCertificate(
  tx: SecurityTransaction,
  username: string,
  certificate: X509Certificate,
  how: 'enrolled' | 'issued',
): Promise<Identity> {
  const { id, identity } = await findPerson(tx.db, username, tx.now);
  const { fingerprint } = describeCertificate(certificate);
  const holder = await holderOf(tx.db, fingerprint);
  if (holder !== null) {
    const whose = holder === identity.username ? `"${holder}" has it` : `it is of "${holder}"`;
    throw new ServerError('already_exists', `certificate: ${whose} already`, {
      members: { field: 'certificate' },
    });
  }
  if (identity.certificates.length >= MAX_CERTIFICATES)
    throw refused(`at most ${MAX_CERTIFICATES} certificates of a user`, 'one more');
  const enrolled = await enrollCertificate(tx.db, id, certificate, tx.now);
  tx.record(
    credentialAdministered(tx.caller, identity, {
      operation: 'Created',
      after: modelOf(enrolled),
      reason: `a client certificate was ${how}`,
    }),
  );
  return (await findPerson(tx.db, identity.username, tx.now)).identity;
}

/**
 * Takes a certificate from a user; one of the built-in authority is revoked, too, and sessions begun with it end. Throws `not_found`,
 * `last_administrator` when it was the last way in of the last who may administer.
 */
export async function removeCertificate(
  tx: SecurityTransaction,
  username: string,
  fingerprint: string,
): Promise<Identity> {
  const { id, identity } = await findPerson(tx.db, username, tx.now);
  const wanted = fingerprint.replaceAll(':', '').toLowerCase();
  const held = identity.certificates.find((known) => known.fingerprint === wanted);
  if (held === undefined) {
    const message = `"${identity.username}" has no certificate "${wanted.slice(0, 100)}"`;
    throw new ServerError('not_found', message);
  }
  const revoked = await revoke(tx, [held]);
  const change = {
    operation: 'Deleted',
    before: modelOf(held),
    reason: `a client certificate was removed${revoked ? ' and revoked' : ''}`,
  } as const;
  tx.attemptsElse((reason) =>
    credentialAdministered(tx.caller, identity, { ...change, outcome: 'Failure', reason }),
  );
  await tx.db.deleteFrom('client_certificates').where('fingerprint', '=', wanted).execute();
  await assertOrder(tx);
  tx.record(credentialAdministered(tx.caller, identity, change));
  const ended = await tx.platform.sessions.removeCertified(tx.db, id, held.subject);
  tx.afterwards(ended.end);
  return (await findPerson(tx.db, identity.username, tx.now)).identity;
}

/** Revokes those of the certificates that the built-in authority has issued; true when there was one. */
export async function revoke(
  tx: SecurityTransaction,
  certificates: readonly EnrolledCertificate[],
): Promise<boolean> {
  const { db, platform } = tx;
  const serials: string[] = [];
  for (const { fingerprint, serial } of certificates) {
    const row = await db
      .selectFrom('client_certificates')
      .select('certificate')
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirstOrThrow();
    if (isOurs(platform.pki, new X509Certificate(row.certificate))) serials.push(serial);
  }
  if (serials.length === 0) return false;
  await platform.revocations.add(db, serials);
  tx.afterwards(async () => await platform.revocations.publish(platform.state.db));
  return true;
}

function isOurs({ authority }: Pki, certificate: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function parse(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    // What only OpenSSL can read is no certificate by which anybody is known here.
    describeCertificate(certificate);
    if (certificate.raw.equals(der)) return certificate;
  } catch {
    // The fault of a stranger's bytes says nothing that helps; what was expected does.
  }
  throw refused('an X.509 certificate in DER within the PEM', 'something else');
}

async function holderOf(db: StateReader, fingerprint: string): Promise<string | null> {
  const row = await db
    .selectFrom('client_certificates')
    .innerJoin('users', 'users.id', 'client_certificates.user_id')
    .select('username')
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return row?.username ?? null;
}

function modelOf(certificate: Omit<EnrolledCertificate, 'enrolledAt'>) {
  const { subject, issuer, serial, fingerprint, validTo } = certificate;
  return { certificate: { subject, issuer, serial, sha256: fingerprint, validTo } };
}

function refused(expected: string, got: string): ServerError {
  return new ServerError('certificate_refused', `certificate: expected ${expected}, got ${got}`, {
    members: { in: 'body', errors: [{ field: 'certificate', expected, got }] },
  });
}
