import type { JsonObject, ObjectRef, RecordDraft } from '@countersign/records';

/** A record of the demo's certificate platform: `minutesAgo` instead of a time, and no number yet. */
interface Story {
  readonly minutesAgo: number;
  readonly event: string;
  readonly category: string;
  readonly operation: string;
  readonly level?: 'Information' | 'Warning' | 'Failure';
  readonly outcome?: 'Success' | 'Failure';
  readonly actor: keyof typeof ACTORS;
  readonly target: ObjectRef;
  readonly related?: readonly ObjectRef[];
  readonly route?: readonly [verb: string, route: string];
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly reason?: string;
  readonly correlation?: string;
  readonly attributes?: readonly (readonly [string, string | null])[];
}

const ACTORS = {
  maria: {
    id: 'EXAMPLE\\mlopez',
    name: 'María López',
    kind: 'user',
    roles: ['PKI Administrators'],
    session: '5e1f0c77',
  },
  jonas: {
    id: 'EXAMPLE\\jweber',
    name: 'Jonas Weber',
    kind: 'user',
    roles: ['Certificate Operators'],
    session: 'a90d41b2',
  },
  aiko: {
    id: 'EXAMPLE\\atanaka',
    name: 'Aiko Tanaka',
    kind: 'user',
    roles: ['SSH Server Admins'],
    session: '77c2e9f0',
  },
  pipeline: {
    id: 'svc-deploy',
    name: 'Deployment pipeline',
    kind: 'service',
    roles: ['Enrollment API'],
    session: 'c0ffee12',
  },
  orchestrator: { id: 'orchestrator-berlin-1', name: 'Orchestrator Berlin 1', kind: 'service' },
  platform: { id: 'timer', name: 'Scheduled task', kind: 'system' },
} as const;

const WEB_CERTIFICATE = {
  type: 'Certificate',
  id: '4A00000127F3C6D1B8',
  name: 'CN=shop.example.com,O=Example GmbH,C=DE',
};
const OLD_WEB_CERTIFICATE = {
  type: 'Certificate',
  id: '4A000000F1187AC2E5',
  name: 'CN=shop.example.com,O=Example GmbH,C=DE',
  relation: 'replaces',
};
const LOST_LAPTOP = {
  type: 'Certificate',
  id: '4A000000D90B5512AA',
  name: 'CN=LT-0417.example.com,OU=Laptops,O=Example GmbH',
};
const TEMPLATE = { type: 'Template', id: '14', name: 'WebServer 1 Year' };
const ROLE = { type: 'SecurityRole', id: '7', name: 'Certificate Operators' };
const BASTION = {
  type: 'Server',
  id: '0f6c2f0e-5d0b-4f0b-9a43-2f6f2a1f9a11',
  name: 'bastion.example.com',
};
const REVOCATION = {
  type: 'WorkflowInstance',
  id: 'b53f3a4c-8f0e-4d37-8d5f-3c1f6e6b9d02',
  name: 'Revocation of CN=LT-0417.example.com',
};

const TEMPLATE_BEFORE = {
  CommonName: 'WebServer1Year',
  KeyType: 'RSA',
  KeySize: 2048,
  ValidityDays: 398,
  KeyRetention: 'None',
  AllowedEnrollmentTypes: ['PFX', 'CSR'],
  RequiresApproval: false,
  Policy: {
    RSAValidKeySizes: [2048, 3072, 4096],
    AllowWildcards: true,
    AllowKeyReuse: true,
    RFCEnforcement: false,
  },
};

/** What a busy fortnight leaves in a certificate platform's audit log, one story after another. */
const STORIES: readonly Story[] = [
  {
    minutesAgo: 19_000,
    event: 'CERTIFICATE_CREATED',
    category: 'Certificate',
    operation: 'Created',
    actor: 'pipeline',
    route: ['POST', '/Enrollment/CSR'],
    target: {
      type: OLD_WEB_CERTIFICATE.type,
      id: OLD_WEB_CERTIFICATE.id,
      name: OLD_WEB_CERTIFICATE.name,
    },
    after: {
      State: 'Active',
      Template: TEMPLATE.name,
      NotAfter: '2026-12-05T00:00:00Z',
      KeySizeInBits: 2048,
    },
  },
  {
    minutesAgo: 12_960,
    event: 'TEMPLATE_UPDATED',
    category: 'Template',
    operation: 'Updated',
    actor: 'maria',
    route: ['PUT', '/Templates'],
    target: TEMPLATE,
    before: TEMPLATE_BEFORE,
    after: {
      ...TEMPLATE_BEFORE,
      KeySize: 3072,
      ValidityDays: 200,
      AllowedEnrollmentTypes: ['CSR'],
      RequiresApproval: true,
      Policy: {
        ...TEMPLATE_BEFORE.Policy,
        RSAValidKeySizes: [3072, 4096],
        AllowKeyReuse: false,
        RFCEnforcement: true,
      },
    },
    reason: 'Certificates of public web servers may live 200 days at most',
  },
  {
    minutesAgo: 10_090,
    event: 'SECURITY_ROLE_UPDATED',
    category: 'SecurityRole',
    operation: 'Updated',
    actor: 'maria',
    route: ['PUT', '/Security/Roles'],
    target: ROLE,
    before: {
      Name: ROLE.name,
      Enabled: true,
      Permissions: ['Certificates:Read', 'Certificates:Enroll'],
      Identities: ['EXAMPLE\\jweber'],
    },
    after: {
      Name: ROLE.name,
      Enabled: true,
      Permissions: ['Certificates:Read', 'Certificates:Enroll', 'Certificates:Revoke'],
      Identities: ['EXAMPLE\\jweber', 'EXAMPLE\\pnowak'],
    },
  },
  {
    minutesAgo: 8_640,
    event: 'SSH_ROGUE_KEY_ENCOUNTERED',
    category: 'DiscoveredKey',
    operation: 'Encountered',
    level: 'Warning',
    actor: 'orchestrator',
    target: {
      type: 'DiscoveredKey',
      id: 'SHA256:uNiVztksCsDhcc0u9e8BrDpV7sJ9cZl7Bq8y1q0mQkE',
      name: 'root on bastion.example.com',
    },
    related: [{ ...BASTION, relation: 'found on' }],
    attributes: [
      ['KeyType', 'Ed25519'],
      ['Logon', 'root'],
      ['Comment', 'backup@old-nas'],
    ],
    correlation: 'ssh-sync-2291',
  },
  {
    minutesAgo: 8_590,
    event: 'SSH_ROGUE_KEY_DELETED',
    category: 'DiscoveredKey',
    operation: 'Deleted',
    actor: 'aiko',
    route: ['DELETE', '/SSH/Keys/Unmanaged/118'],
    target: {
      type: 'DiscoveredKey',
      id: 'SHA256:uNiVztksCsDhcc0u9e8BrDpV7sJ9cZl7Bq8y1q0mQkE',
      name: 'root on bastion.example.com',
    },
    related: [{ ...BASTION, relation: 'removed from' }],
    before: {
      Fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrDpV7sJ9cZl7Bq8y1q0mQkE',
      KeyType: 'Ed25519',
      Username: 'root',
      LogonCount: 3,
    },
    reason: 'Key of a storage box that was thrown away in spring',
    correlation: 'ssh-sync-2291',
  },
  {
    minutesAgo: 5_770,
    event: 'CERTIFICATE_STORE_ADD_SCHEDULED',
    category: 'CertificateStore',
    operation: 'Scheduled Add',
    actor: 'jonas',
    route: ['POST', '/CertificateStores/Certificates/Add'],
    target: {
      type: 'CertificateStore',
      id: '3d9a6c0e-1c52-4a0e-9c55-6f5b2f1f7e10',
      name: 'lb-1.example.com /etc/haproxy/certs',
    },
    related: [{ ...WEB_CERTIFICATE, relation: 'certificate' }],
    after: { Alias: 'shop', Overwrite: true, Schedule: { Immediate: true } },
    correlation: 'renewal-shop',
  },
  {
    minutesAgo: 5_765,
    event: 'CERTIFICATE_RENEWED',
    category: 'Certificate',
    operation: 'Renewed',
    actor: 'pipeline',
    route: ['POST', '/Enrollment/Renew'],
    target: WEB_CERTIFICATE,
    related: [OLD_WEB_CERTIFICATE],
    before: {
      SerialNumber: OLD_WEB_CERTIFICATE.id,
      NotAfter: '2026-12-05T00:00:00Z',
      KeySizeInBits: 2048,
    },
    after: {
      SerialNumber: WEB_CERTIFICATE.id,
      NotAfter: '2027-06-06T00:00:00Z',
      KeySizeInBits: 3072,
    },
    correlation: 'renewal-shop',
  },
  {
    minutesAgo: 2_900,
    event: 'WORKFLOW_INSTANCE_SUSPENDED',
    category: 'WorkflowInstance',
    operation: 'Updated',
    actor: 'platform',
    target: REVOCATION,
    related: [{ ...LOST_LAPTOP, relation: 'subject' }],
    before: { Status: 'Running', CurrentStep: 'Start' },
    after: { Status: 'Suspended', CurrentStep: 'Require approval', SignalsNeeded: 1 },
    correlation: 'revocation-lt-0417',
  },
  {
    minutesAgo: 2_845,
    event: 'CERTIFICATE_REVOKED',
    category: 'Certificate',
    operation: 'Revoked',
    actor: 'jonas',
    route: ['POST', '/Certificates/Revoke'],
    target: LOST_LAPTOP,
    related: [{ ...REVOCATION, relation: 'workflow' }],
    before: { State: 'Active' },
    after: { State: 'Revoked', RevocationReason: 'Key compromise' },
    reason: 'Laptop left on a train',
    correlation: 'revocation-lt-0417',
  },
  {
    minutesAgo: 1_480,
    event: 'CERTIFICATE_DOWNLOADED_WITH_KEY',
    category: 'Certificate',
    operation: 'Download with Private Key',
    level: 'Warning',
    actor: 'jonas',
    route: ['POST', '/Certificates/Recover'],
    target: {
      type: 'Certificate',
      id: '4A000000E2771B09C4',
      name: 'E=payroll@example.com,CN=Payroll,O=Example GmbH',
    },
    reason: 'New mail client for the payroll office',
  },
  {
    minutesAgo: 640,
    event: 'ORCHESTRATOR_JOB_FAILED',
    category: 'AgentSchedule',
    operation: 'Failed',
    level: 'Failure',
    outcome: 'Failure',
    actor: 'orchestrator',
    target: {
      type: 'AgentSchedule',
      id: '88213',
      name: 'Inventory of lb-2.example.com /etc/haproxy/certs',
    },
    reason: 'connection refused',
    attributes: [['Attempts', '3']],
  },
  {
    minutesAgo: 95,
    event: 'CERTIFICATE_METADATA_UPDATED',
    category: 'Certificate',
    operation: 'Updated',
    actor: 'jonas',
    route: ['PUT', '/Certificates/Metadata'],
    target: WEB_CERTIFICATE,
    before: { Owner: 'web-team', CostCentre: null },
    after: { Owner: 'shop-team', CostCentre: '4711' },
  },
];

/** The stories as numbered records that end shortly before `now`. */
export function platformRecords(now: Date): RecordDraft[] {
  return STORIES.map((story, i) => {
    const {
      minutesAgo,
      actor,
      route,
      level = 'Information',
      outcome = 'Success',
      event,
      category,
      operation,
      ...content
    } = story;
    return {
      seq: i + 1,
      time: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
      event,
      category,
      operation,
      level,
      outcome,
      retention: category === 'Certificate' ? 'extended' : 'normal',
      content: {
        actor: ACTORS[actor],
        origin: {
          interface: route === undefined ? 'timer' : 'api',
          ...(route !== undefined && { address: '10.20.4.17' }),
        },
        source: { system: 'certificate-platform', host: 'pki.example.com' },
        ...(route !== undefined && {
          request: {
            type: 'API Endpoint',
            verb: route[0],
            route: `/KeyfactorAPI${route[1]}`,
          } as const,
        }),
        ...content,
      },
    };
  });
}
