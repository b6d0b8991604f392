/**
 * Synthetic records, the same for the same index and options: a PKI's working days, with users,
 * certificates, sessions, refusals and changes in plausible proportions. For measuring and testing;
 * made one by one, so that a million of them need no memory.
 */
import { createHash } from 'node:crypto';
import type { CompleteDraft, Content, JsonObject } from '@countersign/records';
import { canonicalize } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import { spelling } from '../source.ts';
import type { RecordSource, SourceModule, SourceRecord } from '../source.ts';

export interface SyntheticOptions {
  readonly count: number;
  readonly seed?: number;
  /** Time of the first record. Default 2026-01-01. */
  readonly start?: string;
  /** Mean distance between records. Default 10 s: a million are 116 days. */
  readonly everyMs?: number;
  readonly users?: number;
  readonly certificates?: number;
  /** Every so many records, one is of up to 400 days earlier: an import of an older log. */
  readonly strayEvery?: number;
  readonly origin?: string;
}

/** A small generator of even numbers below `n`, seeded by the record's index: mulberry32. */
function randomFor(seed: number, index: number): (n: number) => number {
  let state = Math.imul(seed + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const FIRST_NAMES =
  'Ada Alan Barbara Claude Dennis Edith Grace Hedy Jörg Ken Leslie Margaret Niklaus Radia Tony Whitfield'.split(
    ' ',
  );
const LAST_NAMES =
  'Baker Diffie Eriksson Fischer Garcia Hellman Ivanov Jansen Kowalski Lamport Merkle Müller Novák Okafor Perlman Rivest'.split(
    ' ',
  );
const CITIES = ['Chicago', 'Cleveland', 'Zürich', 'Toronto', 'Osaka', 'Nairobi'];
const REASONS = [
  'key compromise suspected by the security team',
  'routine replacement before expiry',
  'host was decommissioned',
  'requested by the owner of the service',
  'policy changed for this template',
];

type Kind = Pick<CompleteDraft, 'event' | 'category' | 'operation' | 'level' | 'outcome'> & {
  readonly share: number;
};

const KINDS: readonly Kind[] = [
  kind(30, 'AUTH', 'Authentication', 'Authenticated', 'Information', 'Success'),
  kind(25, 'AUTHZ', 'Authorization', 'Authorized', 'Information', 'Success'),
  kind(14, 'CERT_REQUEST_PROCESSED', 'Certificate', 'Created', 'Information', 'Success'),
  kind(8, 'ROLE_ASSUME', 'RoleAssumption', 'Assumed', 'Information', 'Success'),
  kind(
    7,
    'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
    'Certificate',
    'Revoked',
    'Information',
    'Success',
  ),
  kind(6, 'TEMPLATE_UPDATE', 'Template', 'Updated', 'Information', 'Success'),
  kind(4, 'AUTH', 'Authentication', 'Authenticated', 'Warning', 'Failure'),
  kind(3, 'AUTHZ', 'AuthorizationFailure', 'Encountered', 'Warning', 'Failure'),
  kind(2, 'CERT_REQUEST_PROCESSED', 'AuditingCertificateRequest', 'Denied', 'Failure', 'Failure'),
  kind(1, 'AUDIT_LOG_SIGNING', 'AuditLog', 'Signed', 'Information', 'Success'),
];
const SHARES = KINDS.flatMap((k) => Array.from({ length: k.share }, () => k));

function kind(
  share: number,
  event: string,
  category: string,
  operation: string,
  level: Kind['level'],
  outcome: Kind['outcome'],
): Kind {
  return { share, event, category, operation, level, outcome };
}

/** The draft of record `index`; its sequence number is `index + 1`. */
export function syntheticDraft(index: number, options: SyntheticOptions): CompleteDraft {
  const {
    seed = 1,
    start = '2026-01-01T00:00:00.000Z',
    everyMs = 10_000,
    users = 2000,
    certificates = 200_000,
  } = options;
  const random = randomFor(seed, index);
  const { share: _, ...what } = SHARES[random(SHARES.length)]!;
  const stray =
    options.strayEvery !== undefined && index % options.strayEvery === 0
      ? random(400) * 86_400_000
      : 0;
  const ms = Date.parse(start) + index * everyMs + random(Math.max(1, everyMs)) - stray;
  // Squared: few users do most.
  const user = Math.floor((random(1000) / 1000) ** 2 * users);
  return {
    ...what,
    seq: index + 1,
    time: new Date(ms).toISOString(),
    retention: 'normal',
    content: contentOf(index, what, user, random(certificates), random),
  };
}

function contentOf(
  index: number,
  { event, outcome, operation }: Omit<Kind, 'share'>,
  user: number,
  certificate: number,
  random: (n: number) => number,
): Content {
  const first = FIRST_NAMES[user % FIRST_NAMES.length]!;
  const last = LAST_NAMES[(user >> 4) % LAST_NAMES.length]!;
  const roles = [
    ['Auditor'],
    ['Administrator'],
    ['RA Officer'],
    ['RA Officer', 'Certificate Manager'],
    [],
  ][user % 5]!;
  const serial = (certificate + 0x1a2b3c4d5e6f).toString(16);
  const host = `appsrvr${certificate}.keyexample.com`;
  const city = CITIES[certificate % CITIES.length]!;
  const session = createHash('sha1')
    .update(`session ${index >> 4}`)
    .digest('hex')
    .slice(0, 20);
  const aboutCertificate = event.startsWith('CERT');
  const changes = event === 'TEMPLATE_UPDATE';
  const template = `WebServer${certificate % 40}`;
  const before: JsonObject = {
    Name: template,
    KeyRetentionDays: 4,
    AllowedEnrollmentTypes: ['PFX', 'CSR'],
  };
  return {
    actor:
      event === 'AUDIT_LOG_SIGNING'
        ? { id: 'countersign', kind: 'system' }
        : {
            id: `KEYEXAMPLE\\${first.slice(0, 1).toLowerCase()}${last.toLowerCase()}${user}`,
            name: `${first} ${last}`,
            kind: user % 50 === 0 ? 'service' : 'user',
            ...(roles.length > 0 ? { roles } : {}),
            authentication: { method: user % 3 === 0 ? 'certificate' : 'password' },
            session,
          },
    origin: {
      address: `10.${user % 4}.${(user >> 2) % 250}.${user % 250}`,
      interface: (['portal', 'api', 'cli'] as const)[random(3)]!,
    },
    source: { system: 'pki-ca', host: `ca${1 + (user % 3)}.keyexample.com`, component: 'ca' },
    ...(aboutCertificate
      ? {
          target: {
            type: 'certificate',
            id: `0x${serial}`,
            name: `CN=${host},L=${city},ST=IL,C=US`,
          },
        }
      : {}),
    ...(changes
      ? { target: { type: 'template', id: String(certificate % 40), name: template } }
      : {}),
    ...(aboutCertificate
      ? { related: [{ type: 'request', id: String(certificate + 5000), relation: 'request' }] }
      : {}),
    ...(event === 'AUTHZ'
      ? {
          authorization: {
            resource: `certServer.${['ca.certificates', 'ca.requests', 'log.content.signedAudit', 'ee.profile'][random(4)]!}`,
            operation: ['read', 'list', 'approve'][random(3)]!,
            roles,
          },
          request: {
            route: `/ca/rest/certs/${certificate}`,
            type: 'API Endpoint' as const,
            verb: ['GET', 'POST'][random(2)]!,
          },
        }
      : {}),
    ...(changes ? { before, after: { ...before, KeyRetentionDays: 7 } } : {}),
    ...(operation === 'Revoked' ? { reason: REASONS[random(REASONS.length)]! } : {}),
    attributes: [
      ['SubjectID', first],
      ['Outcome', outcome],
      ...(aboutCertificate
        ? [['CertSerialNum', String(certificate + 0x1a2b3c4d5e6f)] as [string, string]]
        : []),
      ['Info', `${operation} by policy ${random(50)} after check ${random(20)}`],
    ],
    correlation: createHash('sha1')
      .update(`undertaking ${index >> 2}`)
      .digest('hex')
      .slice(0, 24),
  };
}

/** A stored record without a log: salt and digest are not real. */
export function syntheticRecord(index: number, options: SyntheticOptions): SourceRecord {
  const { content, ...envelope } = syntheticDraft(index, options);
  const id = createHash('sha1').update(`record ${index}`).digest('hex');
  const whole = {
    v: 1 as const,
    id: `0190${id.slice(0, 4)}-${id.slice(4, 8)}-7${id.slice(8, 11)}-8${id.slice(11, 14)}-${id.slice(14, 26)}`,
    producer: `producer${index % 4}`,
    ...envelope,
    digest: '',
  };
  return {
    index,
    envelope: whole,
    envelopeBytes: Buffer.from(canonicalize(whole)),
    contentBytes: Buffer.from(canonicalize(content as unknown as JsonValue)),
  };
}

export function syntheticSource(options: SyntheticOptions): SourceModule {
  return { module: import.meta.url, options };
}

/** A RecordSource of synthetic records, for threads to load by this module's URL. */
export function openSource(options: unknown): RecordSource {
  const given = options as SyntheticOptions;
  return {
    origin: async () => given.origin ?? 'synthetic.example/log',
    size: async () => given.count,
    read: async (index) => syntheticRecord(index, given),
    async *spellRange(from, to) {
      for (let at = from; at < to; at += 1000) {
        yield Array.from({ length: Math.min(1000, to - at) }, (_, i) =>
          spelling(syntheticRecord(at + i, given)),
        );
      }
    },
    close: () => undefined,
  };
}
