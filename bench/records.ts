import type { CompleteDraft, Content } from '@countersign/records';

/** Records are spread evenly from here on, so that a million cover about four months. */
const FIRST_TIME = Date.UTC(2026, 6, 1);
const STEP_MS = 10_000;

const ROLES = [
  'Administrators',
  'Certificate Manager Agents',
  'Auditors',
  'Enrollment',
  'Security Domain Administrators',
];
const HOSTS = ['ca1.example.com', 'ca2.example.com', 'kra.example.com', 'ocsp.example.com'];
const PROFILES = ['caUserCert', 'caServerCert', 'caSignedLogCert', 'caDualCert', 'caECServerCert'];
const WORDS = [
  'renewal',
  'laptop',
  'gateway',
  'payroll',
  'warehouse',
  'printer',
  'turbine',
  'ledger',
  'branch',
  'kiosk',
  'sensor',
  'archive',
];

/** One kind of operation, and of every 100 records how many are of it. */
interface Kind {
  readonly share: number;
  readonly event: string;
  readonly category: string;
  readonly operation: string;
  readonly target: string;
  readonly failureShare: number;
  readonly failureLevel: 'Warning' | 'Failure';
}

const KINDS: readonly Kind[] = [
  {
    share: 30,
    event: 'AUTHZ',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    target: 'Resource',
    failureShare: 5,
    failureLevel: 'Warning',
  },
  {
    share: 25,
    event: 'AUTH',
    category: 'Authentication',
    operation: 'Encountered',
    target: 'Account',
    failureShare: 4,
    failureLevel: 'Warning',
  },
  {
    share: 20,
    event: 'CERT_REQUEST_PROCESSED',
    category: 'Certificate',
    operation: 'Created',
    target: 'Certificate',
    failureShare: 2,
    failureLevel: 'Failure',
  },
  {
    share: 10,
    event: 'PROFILE_CERT_REQUEST',
    category: 'AuditingCertificateRequest',
    operation: 'Created',
    target: 'CertificateRequest',
    failureShare: 1,
    failureLevel: 'Failure',
  },
  {
    share: 8,
    event: 'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
    category: 'Certificate',
    operation: 'Revoked',
    target: 'Certificate',
    failureShare: 1,
    failureLevel: 'Failure',
  },
  {
    share: 5,
    event: 'ROLE_ASSUME',
    category: 'SecurityRole',
    operation: 'Encountered',
    target: 'Role',
    failureShare: 0,
    failureLevel: 'Warning',
  },
  {
    share: 2,
    event: 'CONFIG_CERT_PROFILE',
    category: 'Template',
    operation: 'Updated',
    target: 'Template',
    failureShare: 1,
    failureLevel: 'Failure',
  },
];

/** How many people act in the generated log. */
export const ACTORS = 2_000;

export function actorOf(n: number): string {
  return `user${String(personOf(n)).padStart(4, '0')}`;
}

/** People have a certificate and an address of their own, and a session for about ten records. */
function personOf(n: number): number {
  return mix(n, 1) % ACTORS;
}
const SESSION_RECORDS = 10 * ACTORS;

/** Every certificate is touched by about four records. */
export function serialOf(n: number): string {
  return `0x${(0x7a_0000_0000 + (n >>> 2) * 7919).toString(16)}`;
}

export function timeOf(n: number): string {
  return new Date(FIRST_TIME + n * STEP_MS).toISOString();
}

/** Two words that stand together in record `n`, for searching. */
export function wordsOf(n: number): [rare: string, common: string] {
  return [`${pick(WORDS, n, 2)}${mix(n, 3) % 5_000}`, pick(WORDS, n, 4)];
}

/**
 * The record number `n` of the generated log: the same every time, with a content of about 800 bytes like those of a
 * busy CA.
 */
export function generateDraft(n: number, seq: number): CompleteDraft {
  const kind = kindOf(n);
  const failed = mix(n, 5) % 100 < kind.failureShare;
  return {
    seq,
    time: timeOf(n),
    event: kind.event,
    category: kind.category,
    operation: kind.operation,
    level: failed ? kind.failureLevel : 'Information',
    outcome: failed ? 'Failure' : 'Success',
    retention: kind.category === 'Certificate' ? 'extended' : 'normal',
    content: generateContent(n, kind),
  };
}

function generateContent(n: number, kind: Kind): Content {
  const [rare, common] = wordsOf(n);
  const person = personOf(n);
  const actor = actorOf(n);
  const host = pick(HOSTS, n, 6);
  const serial = serialOf(n);
  return {
    actor: {
      id: actor,
      name: `${actor}@example.com`,
      kind: 'user',
      roles: [pick(ROLES, n, 7)],
      authentication: {
        method: 'certUserDBAuthMgr',
        credential: `serial ${mix(person, 8).toString(16)}`,
      },
      session: mix(person, 9 + Math.floor(n / SESSION_RECORDS))
        .toString(16)
        .padStart(8, '0'),
    },
    origin: {
      address: `10.20.${mix(person, 11) % 256}.${mix(person, 12) % 254}`,
      interface: 'api',
      userAgent: 'pki-client/11.6',
    },
    source: { system: 'ca', host, component: 'http-nio-8443-exec', version: '11.6.0' },
    target: {
      type: kind.target,
      id: serial,
      name: `CN=${rare}.${common}.example.com,OU=${common},O=Example`,
    },
    request: {
      id: `r${n}`,
      route: `/ca/rest/agent/certs/${serial}`,
      type: 'API Endpoint',
      verb: 'POST',
    },
    authorization: {
      resource: 'certServer.ca.certificates',
      operation: 'execute',
      roles: [pick(ROLES, n, 7)],
    },
    attributes: [
      ['ReqID', `0x${n.toString(16)}`],
      ['ProfileID', pick(PROFILES, n, 13)],
      ['CertSubject', `CN=${rare}.${common}.example.com,OU=${common},O=Example`],
      ['InfoName', 'certificate'],
    ],
  };
}

function kindOf(n: number): Kind {
  let place = mix(n, 14) % 100;
  for (const kind of KINDS) {
    if (place < kind.share) return kind;
    place -= kind.share;
  }
  throw new Error('bad math in kindOf: the shares do not add up to 100');
}

function pick<T>(list: readonly T[], n: number, salt: number): T {
  return list[mix(n, salt) % list.length] as T;
}

/** A well-spread number from `n`: the finaliser of MurmurHash3. */
function mix(n: number, salt: number): number {
  let h = (n + Math.imul(salt, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
