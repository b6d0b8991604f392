/**
 * Everything Keyfactor Command records, as category, operation, level and what the record's name is.
 * Rows of one area and object stand together. `documented` is false where Keyfactor names no such
 * action and ours is a reading of its API.
 */
import type { Level } from '../record.ts';
import type { CategoryName } from './categories.ts';
import type { OperationName } from './operations.ts';

export interface KeyfactorAction {
  /** 1-163, stable. */
  readonly id: number;
  readonly area: string;
  readonly action: string;
  readonly category: CategoryName;
  readonly operation: OperationName;
  readonly level: Level;
  /** What the record's Name holds. */
  readonly objectName: string;
  /** Whether the record has the object as it was, and as it is. */
  readonly before: boolean;
  readonly after: boolean;
  readonly documented: boolean;
}

type Row = readonly [
  id: number,
  action: string,
  operation: OperationName,
  /** `b` before, `a` after, `?` not documented. */
  marks: string,
];

interface Block {
  readonly area: string;
  readonly category: CategoryName;
  readonly level: Level;
  readonly objectName: string;
  readonly rows: readonly Row[];
}

const BLOCKS: readonly Block[] = [
  {
    area: 'certificate',
    category: 'Certificate',
    level: 'Information',
    objectName:
      'subject DN of the certificate (e.g. CN=appsrvr12.keyexample.com,L=Chicago,ST=IL,C=US)',
    rows: [
      [1, 'CSR enrollment issues a certificate', 'Created', 'a'],
      [2, 'PFX enrollment issues a certificate', 'Created', 'a'],
      [3, 'One-click renewal', 'Renewed', 'a'],
      [4, 'Seeded (PFX/CSR) renewal with RenewalCertificateId', 'Renewed', 'a'],
      [5, 'Revoke one / many / all in query', 'Revoked', 'ba'],
      [6, 'Place on hold (revoke reason 6)', 'Revoked', 'ba'],
      [7, 'Remove from hold (reason -1)', 'Removed from Hold', 'ba'],
      [8, 'Download certificate (no private key)', 'Downloaded', 'a'],
      [9, 'Download with private key', 'Download with Private Key', 'a'],
      [10, 'Recover archived key', 'Recovered', 'a'],
      [11, 'Delete certificate(s)', 'Deleted', 'b'],
      [12, 'Delete stored private key', 'Deleted Private Key', 'ba'],
      [13, 'Import certificate / PFX', 'Imported', 'a'],
      [14, 'Add or change metadata on one certificate', 'Updated', 'ba'],
      [15, 'Bulk metadata change (Edit All)', 'Updated', 'ba'],
      [16, 'Change certificate owner role (v12+)', 'Updated', 'ba?'],
    ],
  },
  {
    area: 'certificate',
    category: 'AuditingCertificateScheduledReplacement',
    level: 'Information',
    objectName:
      'subject DN of the certificate (e.g. CN=appsrvr12.keyexample.com,L=Chicago,ST=IL,C=US)',
    rows: [[17, 'Scheduled replacement in stores after renewal', 'Scheduled Replacement', 'a']],
  },
  {
    area: 'certificate request',
    category: 'AuditingCertificateRequest',
    level: 'Information',
    objectName: 'subject DN / CN of the request',
    rows: [
      [18, 'Approve pending request (CA-level manager approval)', 'Approved', 'ba'],
      [19, 'Deny pending request (CA level), with comment', 'Denied', 'ba'],
      [20, 'Request submitted and pending', 'Created', 'a?'],
    ],
  },
  {
    area: 'collection',
    category: 'CertificateQuery',
    level: 'Information',
    objectName: "collection name (message shows 'Created Certificate Query, 'Revoked Certs'')",
    rows: [[21, 'Create certificate collection', 'Created', 'a']],
  },
  {
    area: 'collection',
    category: 'CertificateQuery',
    level: 'Information',
    objectName: 'collection name',
    rows: [
      [22, 'Modify certificate collection', 'Updated', 'ba'],
      [23, 'Delete certificate collection', 'Deleted', 'b?'],
      [24, 'Set collection permissions for roles', 'Updated', 'ba?'],
    ],
  },
  {
    area: 'csr',
    category: 'CertificateSigningRequest',
    level: 'Information',
    objectName: 'CSR subject',
    rows: [
      [25, 'Generate CSR', 'Created', 'a'],
      [26, 'Re-download CSR', 'Downloaded', 'a'],
      [27, 'Delete pending CSR(s)', 'Deleted', 'b'],
    ],
  },
  {
    area: 'certificate store',
    category: 'CertificateStore',
    level: 'Information',
    objectName: 'client machine + store path',
    rows: [
      [28, 'Schedule add of a certificate to a store', 'Scheduled Add', 'a'],
      [29, 'Schedule removal of a certificate from a store', 'Scheduled Removal', 'a'],
      [30, 'Create store', 'Created', 'a?'],
      [31, 'Update store (properties, container, schedule)', 'Updated', 'ba?'],
      [32, 'Delete store(s)', 'Deleted', 'b?'],
      [33, 'Approve discovered store(s)', 'Approved', 'a?'],
      [34, 'Schedule inventory', 'Scheduled', 'ba?'],
      [35, 'Schedule reenrollment', 'Scheduled', 'a?'],
      [36, 'Set store password', 'Updated', 'ba?'],
    ],
  },
  {
    area: 'certificate store',
    category: 'CertificateStore',
    level: 'Information',
    objectName: 'server name',
    rows: [[37, 'Create / update store server credentials', 'Updated', 'ba?']],
  },
  {
    area: 'certificate store',
    category: 'AgentSchedule',
    level: 'Information',
    objectName: 'client machine',
    rows: [[38, 'Configure discovery job', 'Scheduled', 'a?']],
  },
  {
    area: 'certificate store',
    category: 'CertificateStoreContainer',
    level: 'Information',
    objectName: 'container name',
    rows: [
      [39, 'Create container', 'Created', 'a?'],
      [41, 'Update container', 'Updated', 'ba?'],
      [43, 'Delete container', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'certificate store',
    category: 'CertificateStoreType',
    level: 'Information',
    objectName: 'store type name',
    rows: [
      [40, 'Create store type', 'Created', 'a?'],
      [42, 'Update store type', 'Updated', 'ba?'],
      [44, 'Delete store type', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'security',
    category: 'ADIdentityModel',
    level: 'Information',
    objectName: 'account name (DOMAIN\\user or group)',
    rows: [
      [45, 'Create security identity', 'Created', 'a'],
      [46, 'Update security identity', 'Updated', 'ba'],
      [47, 'Delete security identity', 'Deleted', 'b'],
    ],
  },
  {
    area: 'security',
    category: 'SecurityRole',
    level: 'Information',
    objectName: 'role name',
    rows: [
      [48, 'Create security role', 'Created', 'a'],
      [
        49,
        'Update (incl. granting permissions, assigning identities/claims) security role',
        'Updated',
        'ba',
      ],
      [50, 'Delete security role', 'Deleted', 'b'],
    ],
  },
  {
    area: 'security',
    category: 'SecurityClaim',
    level: 'Information',
    objectName: 'claim type: claim value',
    rows: [
      [51, 'Create security claim (v11+)', 'Created', 'a?'],
      [54, 'Update security claim (v11+)', 'Updated', 'ba?'],
      [57, 'Delete security claim (v11+)', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'security',
    category: 'PermissionSet',
    level: 'Information',
    objectName: 'permission set name',
    rows: [
      [52, 'Create permission set (v11+)', 'Created', 'a?'],
      [55, 'Update permission set (v11+)', 'Updated', 'ba?'],
      [58, 'Delete permission set (v11+)', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'security',
    category: 'IdentityProvider',
    level: 'Information',
    objectName: 'provider display name',
    rows: [
      [53, 'Create identity provider (v11+)', 'Created', 'a?'],
      [56, 'Update identity provider (v11+)', 'Updated', 'ba?'],
      [59, 'Delete identity provider (v11+)', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'access control',
    category: 'AuthorizationFailure',
    level: 'Warning',
    objectName: 'requested page (route)',
    rows: [[60, 'Denied access to a Management Portal page', 'Encountered', 'a']],
  },
  {
    area: 'access control',
    category: 'AuthorizationFailure',
    level: 'Warning',
    objectName: 'requested route',
    rows: [[61, 'Denied access to an API endpoint', 'Encountered', 'a']],
  },
  {
    area: 'access control',
    category: 'AuthorizationFailure',
    level: 'Failure',
    objectName: 'activity / object',
    rows: [
      [
        62,
        'Denied activity inside a permitted area (e.g. certificate in a collection the role cannot read, workflow signal without role)',
        'Encountered',
        'a',
      ],
    ],
  },
  {
    area: 'ssh',
    category: 'SshUser',
    level: 'Information',
    objectName: 'username',
    rows: [
      [63, 'Create user key (My SSH Key)', 'Created', 'a'],
      [64, 'Update user key (comment/e-mail, rotate)', 'Updated', 'ba'],
      [72, 'Download own private key', 'Download with Private Key', 'a?'],
      [86, 'Create SSH user record / logon access', 'Created', 'a?'],
      [87, 'Update SSH user record / logon access', 'Updated', 'ba?'],
      [88, 'Delete SSH user record / logon access', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'ssh',
    category: 'ServiceAccount',
    level: 'Information',
    objectName: 'service account name (user@clienthostname)',
    rows: [
      [65, 'Create service account key', 'Created', 'a'],
      [66, 'Update / rotate service account key', 'Updated', 'ba'],
      [67, 'Delete service account key', 'Deleted', 'b'],
    ],
  },
  {
    area: 'ssh',
    category: 'Key',
    level: 'Information',
    objectName: 'public key fingerprint',
    rows: [
      [68, 'SSH key updated', 'Updated', 'ba'],
      [69, 'SSH key deleted', 'Deleted', 'b'],
    ],
  },
  {
    area: 'ssh',
    category: 'DiscoveredKey',
    level: 'Information',
    objectName: 'public key fingerprint',
    rows: [[70, 'Unmanaged (discovered) key deleted', 'Deleted', 'b?']],
  },
  {
    area: 'ssh',
    category: 'ServiceAccount',
    level: 'Information',
    objectName: 'service account name',
    rows: [[71, 'Download service account private key', 'Download with Private Key', 'a?']],
  },
  {
    area: 'ssh',
    category: 'Logon',
    level: 'Information',
    objectName: 'logon name@server',
    rows: [
      [73, 'Create SSH logon', 'Created', 'a'],
      [74, 'Update (incl. access mapping) SSH logon', 'Updated', 'ba'],
      [75, 'Delete SSH logon', 'Deleted', 'b'],
    ],
  },
  {
    area: 'ssh',
    category: 'Server',
    level: 'Information',
    objectName: 'server hostname',
    rows: [
      [76, 'Create SSH server', 'Created', 'a'],
      [77, 'Update (incl. access mapping) SSH server', 'Updated', 'ba'],
      [78, 'Delete SSH server', 'Deleted', 'b'],
    ],
  },
  {
    area: 'ssh',
    category: 'ServerGroup',
    level: 'Information',
    objectName: 'group name',
    rows: [
      [79, 'Create SSH server group', 'Created', 'a'],
      [80, 'Update (incl. access mapping) SSH server group', 'Updated', 'ba'],
      [81, 'Delete SSH server group', 'Deleted', 'b'],
    ],
  },
  {
    area: 'ssh',
    category: 'DiscoveredKey',
    level: 'Warning',
    objectName: 'fingerprint (logon@server in XML)',
    rows: [[82, 'Rogue key found for a logon while scanning a managed server', 'Encountered', 'a']],
  },
  {
    area: 'ssh',
    category: 'KeyRotationAlert',
    level: 'Information',
    objectName: 'alert display name',
    rows: [
      [83, 'Create key rotation alert', 'Created', 'a'],
      [84, 'Update key rotation alert', 'Updated', 'ba'],
      [85, 'Delete key rotation alert', 'Deleted', 'b'],
    ],
  },
  {
    area: 'workflow',
    category: 'WorkflowDefinition',
    level: 'Information',
    objectName: 'definition display name',
    rows: [
      [89, 'Definition created', 'Created', 'a'],
      [90, 'Definition imported', 'Imported', 'a'],
      [91, 'Definition edited and saved (new draft version)', 'Updated', 'ba'],
      [92, 'Definition published', 'Updated', 'ba'],
      [93, 'Definition deleted', 'Deleted', 'b'],
    ],
  },
  {
    area: 'workflow',
    category: 'WorkflowInstance',
    level: 'Information',
    objectName: "instance title (e.g. 'jsmith is enrolling for CN=...')",
    rows: [
      [94, 'Instance initiated', 'Created', 'a'],
      [95, 'Instance suspended (waiting for approval/signal)', 'Updated', 'ba'],
      [96, 'Instance stopped manually', 'Updated', 'ba'],
      [97, 'Instance restarted', 'Restarted', 'ba'],
      [98, 'Instance failed', 'Failed', 'ba'],
      [99, 'Instance completed', 'Completed', 'ba'],
      [100, 'Instance rejected (approval denied)', 'Rejected', 'ba'],
      [101, 'Signal (approval/denial) received', 'Updated', 'ba?'],
      [102, 'Instance deleted', 'Deleted', 'b?'],
      [103, 'E-mail step or alert e-mail sent', 'Sent', 'a?'],
    ],
  },
  {
    area: 'template',
    category: 'Template',
    level: 'Information',
    objectName: 'template name',
    rows: [
      [
        104,
        'Update template (retention, enrollment types, regexes, defaults, policy, requesters)',
        'Updated',
        'ba',
      ],
      [105, 'Import templates from CA / configuration tenant', 'Imported', 'a?'],
      [106, 'Template created by installer / sync', 'Created', 'a'],
    ],
  },
  {
    area: 'template',
    category: 'Template',
    level: 'Information',
    objectName: 'Global Template Settings',
    rows: [[107, 'Global template settings replaced', 'Updated', 'ba?']],
  },
  {
    area: 'application settings',
    category: 'ApplicationSetting',
    level: 'Information',
    objectName: 'setting name',
    rows: [
      [108, 'Change application setting(s)', 'Updated', 'ba'],
      [109, 'Initial values written by installer', 'Created', 'a'],
    ],
  },
  {
    area: 'api application',
    category: 'ApiApplication',
    level: 'Information',
    objectName: 'application name',
    rows: [
      [110, 'Create API application', 'Created', 'a'],
      [111, 'Update API application', 'Updated', 'ba'],
      [112, 'Delete API application', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'alerts',
    category: 'ExpirationAlert',
    level: 'Information',
    objectName: 'alert display name',
    rows: [
      [113, 'Create expiration alert', 'Created', 'a'],
      [114, 'Update expiration alert', 'Updated', 'ba'],
      [115, 'Delete expiration alert', 'Deleted', 'b'],
      [117, 'expiration alert e-mail sent', 'Sent', 'a?'],
    ],
  },
  {
    area: 'alerts',
    category: 'ExpirationAlert',
    level: 'Information',
    objectName: 'schedule',
    rows: [[116, 'Change expiration alert schedule', 'Updated', 'ba?']],
  },
  {
    area: 'alerts',
    category: 'PendingAlert',
    level: 'Information',
    objectName: 'alert display name',
    rows: [
      [118, 'Create pending request alert', 'Created', 'a'],
      [119, 'Update pending request alert', 'Updated', 'ba'],
      [120, 'Delete pending request alert', 'Deleted', 'b'],
      [122, 'pending request alert e-mail sent', 'Sent', 'a?'],
    ],
  },
  {
    area: 'alerts',
    category: 'PendingAlert',
    level: 'Information',
    objectName: 'schedule',
    rows: [[121, 'Change pending request alert schedule', 'Updated', 'ba?']],
  },
  {
    area: 'alerts',
    category: 'IssuedAlert',
    level: 'Information',
    objectName: 'alert display name',
    rows: [
      [123, 'Create issued alert', 'Created', 'a'],
      [124, 'Update issued alert', 'Updated', 'ba'],
      [125, 'Delete issued alert', 'Deleted', 'b'],
    ],
  },
  {
    area: 'alerts',
    category: 'IssuedAlert',
    level: 'Information',
    objectName: 'schedule',
    rows: [[126, 'Change issued alert schedule', 'Updated', 'ba?']],
  },
  {
    area: 'alerts',
    category: 'DeniedAlert',
    level: 'Information',
    objectName: 'alert display name',
    rows: [
      [127, 'Create denied alert', 'Created', 'a'],
      [128, 'Update denied alert', 'Updated', 'ba'],
      [129, 'Delete denied alert', 'Deleted', 'b'],
    ],
  },
  {
    area: 'orchestrator',
    category: 'Agent',
    level: 'Information',
    objectName: 'client machine',
    rows: [
      [130, 'Approve orchestrator(s)', 'Approved', 'a'],
      [131, 'Disapprove orchestrator(s)', 'Disapproved', 'a'],
      [132, 'Reset orchestrator(s)', 'Reset', 'ba'],
      [133, 'Delete orchestrator', 'Deleted', 'b?'],
      [134, 'Request/require auth certificate re-enrollment', 'Updated', 'ba?'],
    ],
  },
  {
    area: 'orchestrator',
    category: 'AgentSchedule',
    level: 'Information',
    objectName: 'job type on client machine',
    rows: [
      [135, 'Schedule job (custom, bulk, fetch logs)', 'Scheduled', 'a'],
      [136, 'Reschedule job', 'Updated', 'ba?'],
      [137, 'Unschedule job', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'orchestrator',
    category: 'AgentBlueprint',
    level: 'Information',
    objectName: 'blueprint name',
    rows: [[138, 'Generate / apply / delete blueprint', 'Created', 'a?']],
  },
  {
    area: 'other configuration',
    category: 'PAMProvider',
    level: 'Information',
    objectName: 'provider name',
    rows: [
      [139, 'Create PAM provider', 'Created', 'a?'],
      [140, 'Update PAM provider', 'Updated', 'ba?'],
      [141, 'Delete PAM provider', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'MetadataField',
    level: 'Information',
    objectName: 'field name',
    rows: [
      [142, 'Create metadata field type', 'Created', 'a?'],
      [143, 'Update metadata field type', 'Updated', 'ba?'],
      [144, 'Delete metadata field type', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'RevocationMonitoring',
    level: 'Information',
    objectName: 'endpoint name',
    rows: [
      [145, 'Create revocation monitoring endpoint', 'Created', 'a?'],
      [146, 'Update revocation monitoring endpoint', 'Updated', 'ba?'],
      [147, 'Delete revocation monitoring endpoint', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'CertificateAuthority',
    level: 'Information',
    objectName: 'host\\logical name',
    rows: [
      [148, 'Create certificate authority', 'Created', 'a?'],
      [149, 'Update certificate authority', 'Updated', 'ba?'],
      [150, 'Delete certificate authority', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'Report',
    level: 'Information',
    objectName: 'report display name',
    rows: [
      [151, 'Create report / report schedule', 'Created', 'a?'],
      [152, 'Update report / report schedule', 'Updated', 'ba?'],
      [153, 'Delete report / report schedule', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'SslNetwork',
    level: 'Information',
    objectName: 'network name',
    rows: [
      [154, 'Create SSL network / range', 'Created', 'a?'],
      [155, 'Update SSL network / range', 'Updated', 'ba?'],
      [156, 'Delete SSL network / range', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'JobType',
    level: 'Information',
    objectName: 'job type name',
    rows: [
      [157, 'Create custom job type', 'Created', 'a?'],
      [158, 'Update custom job type', 'Updated', 'ba?'],
      [159, 'Delete custom job type', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'EventHandlerRegistration',
    level: 'Information',
    objectName: 'handler display name',
    rows: [
      [160, 'Create event handler registration', 'Created', 'a?'],
      [161, 'Update event handler registration', 'Updated', 'ba?'],
      [162, 'Delete event handler registration', 'Deleted', 'b?'],
    ],
  },
  {
    area: 'other configuration',
    category: 'SMTP',
    level: 'Information',
    objectName: 'SMTP host',
    rows: [[163, 'Update SMTP profile', 'Updated', 'ba?']],
  },
];

/** By id. */
export const KEYFACTOR_ACTIONS: readonly KeyfactorAction[] = BLOCKS.flatMap(({ rows, ...block }) =>
  rows.map(([id, action, operation, marks]) => ({
    ...block,
    id,
    action,
    operation,
    before: marks.includes('b'),
    after: marks.includes('a'),
    documented: !marks.includes('?'),
  })),
).sort((a, b) => a.id - b.id);
