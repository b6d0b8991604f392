/**
 * Categories: what kind of thing a record is about. Codes 2001-2041 and their names are Keyfactor
 * Command's, so that its clients and saved queries keep working; several names share a code.
 * `documented` is false where Keyfactor publishes no code and the number is our assignment.
 * Codes from 2101 are Countersign's own.
 */
export interface Category {
  readonly code: number;
  /** The name an envelope carries. */
  readonly name: string;
  readonly display: string;
  readonly documented: boolean;
}

function keyfactor<N extends string>(code: number, name: N, display: string, documented = true) {
  return { code, name, display, documented } as const;
}

function own<N extends string>(code: number, name: N, display: string) {
  return { code, name, display, documented: true } as const;
}

export const CATEGORIES = [
  keyfactor(2001, 'Certificate', 'Certificate'),
  keyfactor(
    2001,
    'AuditingCertificateScheduledReplacement',
    'Auditing Certificate Scheduled Replacement',
  ),
  keyfactor(2001, 'AuditingCertificateRequest', 'Certificate Request'),
  keyfactor(2002, 'ApiApplication', 'API Application'),
  keyfactor(2003, 'Template', 'Template'),
  keyfactor(2004, 'CertificateQuery', 'Certificate Collection/Query'),
  keyfactor(2005, 'ExpirationAlert', 'Expiration Alert'),
  keyfactor(2005, 'ExpirationAlertDefinitionContextModel', 'Expiration Alert'),
  keyfactor(2006, 'PendingAlert', 'Pending Alert'),
  keyfactor(2006, 'PendingAlertDefinitionContextModel', 'Pending Alert'),
  keyfactor(2007, 'ApplicationSetting', 'Application Setting'),
  keyfactor(2008, 'IssuedAlert', 'Issued Alert'),
  keyfactor(2008, 'IssuedAlertDefinitionContextModel', 'Issued Alert'),
  keyfactor(2009, 'DeniedAlert', 'Denied Alert'),
  keyfactor(2009, 'DeniedAlertDefinitionContextModel', 'Denied Alert'),
  keyfactor(2010, 'ADIdentityModel', 'Security Identity'),
  keyfactor(2011, 'SecurityRole', 'Security Role'),
  keyfactor(2012, 'AuthorizationFailure', 'Authorization Failure'),
  keyfactor(2013, 'CertificateSigningRequest', 'CSR'),
  keyfactor(2014, 'ServerGroup', 'SSH Server Group'),
  keyfactor(2015, 'Server', 'SSH Server'),
  keyfactor(2016, 'DiscoveredKey', 'Rogue Key'),
  keyfactor(2017, 'Key', 'SSH Key', false),
  keyfactor(2018, 'ServiceAccount', 'SSH Service Account', false),
  keyfactor(2019, 'Logon', 'SSH Logon', false),
  keyfactor(2020, 'SshUser', 'SSH User', false),
  keyfactor(2021, 'KeyRotationAlert', 'SSH Key Rotation Alert', false),
  keyfactor(2022, 'CertificateStore', 'Certificate Store', false),
  keyfactor(2023, 'Agent', 'Orchestrator', false),
  keyfactor(2024, 'AgentSchedule', 'Orchestrator Job', false),
  keyfactor(2025, 'CertificateStoreContainer', 'Certificate Store Container', false),
  keyfactor(2026, 'AgentBlueprint', 'Orchestrator Blueprint', false),
  keyfactor(2027, 'MetadataField', 'Certificate Metadata Type', false),
  keyfactor(2028, 'RevocationMonitoring', 'Revocation Monitoring', false),
  keyfactor(2029, 'WorkflowDefinition', 'Workflow Definition', false),
  keyfactor(2030, 'WorkflowInstance', 'Workflow Instance', false),
  keyfactor(2031, 'CertificateAuthority', 'Certificate Authority', false),
  keyfactor(2032, 'IdentityProvider', 'Identity Provider', false),
  keyfactor(2033, 'SecurityClaim', 'Security Claim', false),
  keyfactor(2034, 'PermissionSet', 'Permission Set', false),
  keyfactor(2035, 'PAMProvider', 'PAM Provider', false),
  keyfactor(2036, 'Report', 'Report', false),
  keyfactor(2037, 'EventHandlerRegistration', 'Event Handler Registration', false),
  keyfactor(2038, 'SslNetwork', 'SSL Network', false),
  keyfactor(2039, 'SMTP', 'SMTP Configuration', false),
  keyfactor(2040, 'CertificateStoreType', 'Certificate Store Type', false),
  keyfactor(2041, 'JobType', 'Custom Job Type', false),
  own(2101, 'AccessSession', 'Access Session'),
  own(2102, 'Authentication', 'Authentication'),
  own(2103, 'Authorization', 'Authorization'),
  own(2104, 'RoleAssumption', 'Role Assumption'),
  own(2105, 'AuditLog', 'Audit Log'),
  own(2106, 'Configuration', 'Configuration'),
  own(2107, 'SelfTest', 'Self-Test'),
  own(2108, 'KeyManagement', 'Key Management'),
  own(2109, 'KeyRecovery', 'Key Archival and Recovery'),
  own(2110, 'Crl', 'CRL'),
  own(2111, 'Ocsp', 'OCSP'),
  own(2112, 'Token', 'Token'),
  own(2113, 'Account', 'Account'),
  own(2114, 'Producer', 'Record Producer'),
  own(2115, 'DataExchange', 'Data Exchange'),
  own(2116, 'Application', 'Application Event'),
  own(2117, 'AccessReview', 'Access Review'),
] as const satisfies readonly Category[];

export type CategoryName = (typeof CATEGORIES)[number]['name'];

const BY_NAME: ReadonlyMap<string, Category> = new Map(CATEGORIES.map((c) => [c.name, c]));

/** The category of that name, or undefined: a newer writer may know more than we do. */
export function categoryByName(name: string): Category | undefined {
  return BY_NAME.get(name);
}

/** Every category with that code, the one that gave the code its name first. */
export function categoriesByCode(code: number): readonly Category[] {
  return CATEGORIES.filter((c) => c.code === code);
}
