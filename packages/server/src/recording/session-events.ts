import type { Actor, Attribute } from '@countersign/records';
import type { User } from '../accounts/accounts.ts';
import type { CertificateNames } from '../pki/distinguished-name.ts';
import { VERSION } from '../version.ts';
import type { OwnDraft } from './draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  SYSTEM_ACTOR,
  unknownActor,
  type RequestFacts,
} from './facts.ts';

const source = ownSource('server', VERSION);
/** How a client certificate was looked up, by Dogtag's name for it. */
export const CERTIFICATE_AUTHENTICATOR = 'certUserDBAuthMgr';

/** The two ends of a connection, and the certificate its client has shown. */
export interface Connection {
  readonly clientAddress: string;
  readonly serverAddress: string;
  readonly certificate: CertificateNames | null;
}

/** ACCESS_SESSION_ESTABLISH Success: the handshake is done, and the certificate, if there is one, is good. */
export function sessionEstablished(connection: Connection, further = 0): OwnDraft {
  const more = further === 0 ? {} : { reason: `${further} further sessions within a minute` };
  return session('ACCESS_SESSION_ESTABLISH', 'Success', connection, null, further, more);
}

/** ACCESS_SESSION_ESTABLISH Failure: `info` is the alert, `reason` what stands behind it. */
export function sessionRefused(
  connection: Connection,
  info: string,
  reason: string | null,
  further = 0,
): OwnDraft {
  const why = [reason, further === 0 ? null : `${further} further attempts`].filter(Boolean);
  const more = why.length === 0 ? {} : { reason: foreign(why.join('; ')) };
  return session('ACCESS_SESSION_ESTABLISH', 'Failure', connection, info, further, more);
}

/** ACCESS_SESSION_TERMINATED: how the session ended. */
export function sessionTerminated(connection: Connection, info: string): OwnDraft {
  return session('ACCESS_SESSION_TERMINATED', 'Success', connection, info, 0, {});
}

/** A connection that the server opens itself. */
export interface OutgoingConnection {
  /** The server's own address; `--` while there is none. */
  readonly clientHost: string;
  /** As asked for, a name or an address. */
  readonly serverHost: string;
  readonly serverPort: number;
  /** What the other end is to us: `identity provider`. */
  readonly purpose: string;
  /** The certificate that the other end has shown; null: none was seen. */
  readonly certificate: CertificateNames | null;
}

/**
 * CLIENT_ACCESS_SESSION_ESTABLISH Success: the handshake is done, and the server's certificate is good, or nobody asked
 * for that; `unverified` is then what is wrong with it.
 */
export function outgoingEstablished(
  connection: OutgoingConnection,
  unverified: string | null = null,
): OwnDraft {
  const reason = unverified === null ? null : `any server certificate would do: ${unverified}`;
  return outgoing('CLIENT_ACCESS_SESSION_ESTABLISH', 'Success', connection, null, reason);
}

/** CLIENT_ACCESS_SESSION_ESTABLISH Failure: `info` is the alert or `connect:<reason>`, `reason` what stands behind it. */
export function outgoingFailed(
  connection: OutgoingConnection,
  info: string,
  reason: string | null,
): OwnDraft {
  return outgoing('CLIENT_ACCESS_SESSION_ESTABLISH', 'Failure', connection, info, reason);
}

/** CLIENT_ACCESS_SESSION_TERMINATED: how the session ended. */
export function outgoingTerminated(connection: OutgoingConnection, info: string): OwnDraft {
  return outgoing('CLIENT_ACCESS_SESSION_TERMINATED', 'Success', connection, info);
}

/** AUTH Failure: the certificate is valid, but nobody's. Subject and attempted credential are its subject, as in Dogtag. */
export function certificateUnknown(subject: string, reason: string, facts: RequestFacts): OwnDraft {
  return {
    event: 'AUTH',
    outcome: 'Failure',
    content: {
      actor: unknownActor(subject),
      source,
      ...describeRequest(facts),
      reason,
      attributes: [
        ['SubjectID', foreign(subject)],
        ['Outcome', 'Failure'],
        ['AuthMgr', CERTIFICATE_AUTHENTICATOR],
        ['AttemptedCred', foreign(subject)],
      ],
    },
  };
}

/** CREDENTIAL_CHANGED: a certificate was made a user's. */
export function certificateEnrolled(
  actor: Actor,
  { username }: Pick<User, 'username'>,
  certificate: CertificateNames & { readonly fingerprint: string; readonly validTo: string },
): OwnDraft {
  const { subject, issuer, serial, fingerprint, validTo } = certificate;
  return {
    event: 'CREDENTIAL_CHANGED',
    outcome: 'Success',
    content: {
      actor,
      source,
      origin: { interface: 'console' },
      target: { type: 'account', id: username, name: username },
      after: { certificate: { subject, issuer, serial, sha256: fingerprint, validTo } },
      reason: 'a client certificate was enrolled',
    },
  };
}

function session(
  event: 'ACCESS_SESSION_ESTABLISH' | 'ACCESS_SESSION_TERMINATED',
  outcome: 'Success' | 'Failure',
  { clientAddress, serverAddress, certificate }: Connection,
  info: string | null,
  further: number,
  more: { readonly reason?: string },
): OwnDraft {
  const attributes: Attribute[] = [
    ['ClientIP', clientAddress],
    ['ServerIP', serverAddress],
    // Two dashes: no certificate.
    ['SubjectID', certificate === null ? '--' : foreign(certificate.subject)],
    ['CertSerialNum', certificate?.serial ?? '--'],
    ['IssuerDN', certificate === null ? '--' : foreign(certificate.issuer)],
    ['Outcome', outcome],
  ];
  if (info !== null) attributes.push(['Info', foreign(info)]);
  if (further > 0) attributes.push(['Attempts', String(further)]);
  return {
    event,
    outcome,
    content: {
      actor: unknownActor(certificate?.subject ?? ''),
      origin: { address: clientAddress },
      source,
      ...more,
      attributes,
    },
  };
}

function outgoing(
  event: 'CLIENT_ACCESS_SESSION_ESTABLISH' | 'CLIENT_ACCESS_SESSION_TERMINATED',
  outcome: 'Success' | 'Failure',
  { clientHost, serverHost, serverPort, purpose, certificate }: OutgoingConnection,
  info: string | null,
  reason: string | null = null,
): OwnDraft {
  const attributes: Attribute[] = [
    ['ClientHost', clientHost],
    ['ServerHost', foreign(serverHost)],
    ['ServerPort', String(serverPort)],
    // Dogtag's word for itself as a TLS client.
    ['SubjectID', 'SYSTEM'],
  ];
  if (certificate !== null) {
    attributes.push(['CertSerialNum', certificate.serial]);
    attributes.push(['IssuerDN', foreign(certificate.issuer)]);
  }
  attributes.push(['Outcome', outcome]);
  if (info !== null) attributes.push(['Info', foreign(info)]);
  return {
    event,
    outcome,
    content: {
      actor: SYSTEM_ACTOR,
      source,
      target: { type: purpose, id: foreign(`${serverHost}:${serverPort}`) },
      ...(reason === null ? {} : { reason: foreign(reason) }),
      attributes,
    },
  };
}
