/**
 * Keyfactor Command's names of rights, and which of ours they are, `resource:operation`. A right of ours may have
 * several names, and a name may stand for several rights.
 */

const AGENTS = 'certServer.orchestrator.agents';
const AUTO_REGISTRATION = 'certServer.orchestrator.autoRegistration';
const MAC = 'certServer.orchestrator.macAutoEnrollment';
const COLLECTIONS = 'certServer.certificate.collections';
const ENROLLMENT = 'certServer.certificate.enrollment';
const STORES = 'certServer.certificate.stores';
const AUTHORITIES = 'certServer.ca.authorities';
const PROFILES = 'certServer.profile.configuration';
const ALERTS = 'certServer.monitoring.alerts';
const INSTANCES = 'certServer.workflow.instances';
const USERS = 'certServer.usrgrp.administration';
const ACL = 'certServer.acl.configuration';
const APPLICATIONS = 'certServer.security.applications';

const READ_AUTHORITIES = [`${AUTHORITIES}:list`, `${AUTHORITIES}:read`];
const MODIFY_AUTHORITIES = ['create', 'modify', 'delete'].map((o) => `${AUTHORITIES}:${o}`);
const READ_SECURITY = [`${USERS}:read`, `${ACL}:read`, `${APPLICATIONS}:read`];
const MODIFY_SECURITY = [`${USERS}:modify`, `${ACL}:modify`, `${APPLICATIONS}:modify`];
const SSH_USER = ['certServer.ssh.mykey:read', 'certServer.ssh.mykey:modify'];
const SSH_SERVER_ADMIN = [
  ...SSH_USER,
  ...both('certServer.ssh.keys'),
  'certServer.ssh.keys:delete',
  ...both('certServer.ssh.serviceAccounts'),
  ...both('certServer.ssh.servers'),
  ...both('certServer.ssh.logons'),
  ...both('certServer.ssh.users'),
  'certServer.ssh.groups:read',
];
const SSH_ENTERPRISE_ADMIN = [...SSH_SERVER_ADMIN, 'certServer.ssh.groups:modify'];

/** The global permissions of the first model (before 11.0), `Area:Permission`; all of them. */
export const V1_NAMES: Readonly<Record<string, readonly string[]>> = {
  'AdminPortal:Read': ['certServer.portal.home:read'],
  ...readModify('AgentAutoRegistration', AUTO_REGISTRATION),
  ...readModify('AgentManagement', AGENTS),
  'API:Read': ['certServer.ca.account:login'],
  ...readModify('ApplicationSettings', 'certServer.settings.application'),
  'Auditing:Read': ['certServer.log.content.signedAudit:read'],
  'CertificateCollections:Modify': [`${COLLECTIONS}:modify`],
  'CertificateEnrollment:EnrollPFX': [`${ENROLLMENT}:pfx`],
  'CertificateEnrollment:EnrollCSR': [`${ENROLLMENT}:csr`],
  'CertificateEnrollment:CsrGeneration': [`${ENROLLMENT}:generate-csr`],
  'CertificateEnrollment:PendingCsr': [`${ENROLLMENT}:pending-csr`],
  ...readModify('CertificateMetadataTypes', 'certServer.metadata.types'),
  'Certificates:Read': [`${COLLECTIONS}:read`],
  'Certificates:EditMetadata': [`${COLLECTIONS}:edit-metadata`],
  'Certificates:Import': ['certServer.ca.certificate:import'],
  'Certificates:Recover': [`${COLLECTIONS}:recover`],
  'Certificates:Revoke': [`${COLLECTIONS}:revoke`],
  'Certificates:Delete': [`${COLLECTIONS}:delete`],
  'Certificates:ImportPrivateKey': [`${COLLECTIONS}:import-private-key`],
  ...readModify('CertificateStoreManagement', STORES),
  'CertificateStoreManagement:Schedule': [`${STORES}:schedule`],
  'Dashboard:Read': ['certServer.portal.dashboard:read'],
  'Dashboard:RiskHeader': ['certServer.portal.dashboard:risk-header'],
  ...readModify('EventHandlerRegistration', 'certServer.monitoring.handlers'),
  ...readModify('MacAutoEnrollManagement', MAC),
  ...readModify('Monitoring', ALERTS),
  'Monitoring:Test': [`${ALERTS}:test`],
  'PkiManagement:Read': [...READ_AUTHORITIES, `${PROFILES}:read`],
  'PkiManagement:Modify': [...MODIFY_AUTHORITIES, `${PROFILES}:modify`],
  ...readModify('PrivilegedAccessManagement', 'certServer.pam.providers'),
  ...readModify('Reports', 'certServer.reports'),
  'SecuritySettings:Read': READ_SECURITY,
  'SecuritySettings:Modify': MODIFY_SECURITY,
  'SSH:User': SSH_USER,
  'SSH:ServerAdmin': SSH_SERVER_ADMIN,
  'SSH:EnterpriseAdmin': SSH_ENTERPRISE_ADMIN,
  ...readModify('SslManagement', 'certServer.ssl.discovery'),
  ...readModify('SystemSettings', 'certServer.general.configuration'),
  ...readModify('WorkflowDefinitions', 'certServer.workflow.definitions'),
  'WorkflowInstances:ReadAll': [`${INSTANCES}:read`],
  'WorkflowInstances:ReadAssignedToMe': [`${INSTANCES}:read-pending`],
  'WorkflowInstances:ReadMy': [`${INSTANCES}:read-mine`],
  'WorkflowInstances:Manage': [`${INSTANCES}:manage`],
  // Requests for certificates and the alerts about them, as they were called before there were workflows.
  ...readModify('WorkflowManagement', ALERTS),
  'WorkflowManagement:Test': [`${ALERTS}:test`],
  'WorkflowManagement:Participate': ['certServer.ca.requests:list'],
  'WorkflowManagement:Manage': ['certServer.ca.certrequests:execute'],
};

/** The permissions of the second model (from 11.0 on) that are not only prefixes of others; all that are public. */
export const V2_NAMES: Readonly<Record<string, readonly string[]>> = {
  ...readModify2('/agents/auto_registration/', AUTO_REGISTRATION),
  ...readModify2('/agents/management/mac/auto-enrollment/management/', MAC),
  ...readModify2('/agents/management/', AGENTS),
  ...readModify2('/application_settings/', 'certServer.settings.application'),
  '/auditing/read/': ['certServer.log.content.signedAudit:read'],
  '/certificate_authorities/read/': READ_AUTHORITIES,
  '/certificate_authorities/modify/': MODIFY_AUTHORITIES,
  ...readModify2('/certificate_stores/', STORES),
  '/certificate_stores/schedule/': [`${STORES}:schedule`],
  ...readModify2('/certificate_templates/', PROFILES),
  ...readModify2('/certificates/collections/', COLLECTIONS),
  '/certificates/collections/change_owner/': [`${COLLECTIONS}:change-owner`],
  '/certificates/collections/delete/': [`${COLLECTIONS}:delete`],
  '/certificates/collections/metadata/modify/': [`${COLLECTIONS}:edit-metadata`],
  '/certificates/collections/private_key/import/': [`${COLLECTIONS}:import-private-key`],
  '/certificates/collections/private_key/read/': [`${COLLECTIONS}:recover`],
  '/certificates/collections/revoke/': [`${COLLECTIONS}:revoke`],
  '/certificates/enrollment/csr_generation/': [
    `${ENROLLMENT}:generate-csr`,
    `${ENROLLMENT}:pending-csr`,
  ],
  '/certificates/enrollment/csr/': [`${ENROLLMENT}:csr`],
  '/certificates/enrollment/pfx/': [`${ENROLLMENT}:pfx`],
  '/certificates/import/': ['certServer.ca.certificate:import'],
  '/certificates/requests/manage/': [
    'certServer.ca.requests:list',
    'certServer.ca.certrequests:execute',
  ],
  '/dashboard/read/': ['certServer.portal.dashboard:read'],
  '/dashboard/risk_header/read/': ['certServer.portal.dashboard:risk-header'],
  ...readModify2('/identity_providers/', 'certServer.auth.configuration'),
  ...readModify2('/metadata/types/', 'certServer.metadata.types'),
  ...readModify2('/monitoring/alerts/', ALERTS),
  '/monitoring/alerts/schedule/': [`${ALERTS}:schedule`],
  '/monitoring/alerts/schedule/revocation/': [`${ALERTS}:schedule-revocation`],
  '/monitoring/alerts/test/': [`${ALERTS}:test`],
  ...readModify2('/monitoring/handlers/registration/', 'certServer.monitoring.handlers'),
  ...readModify2('/pam/', 'certServer.pam.providers'),
  '/portal/read/': ['certServer.portal.home:read'],
  ...readModify2('/reports/', 'certServer.reports'),
  ...readModify2('/scripts/', 'certServer.scripts'),
  '/security/read/': READ_SECURITY,
  '/security/modify/': MODIFY_SECURITY,
  '/ssh/enterprise_admin/': SSH_ENTERPRISE_ADMIN,
  '/ssh/server_admin/': SSH_SERVER_ADMIN,
  '/ssh/user/': SSH_USER,
  ...readModify2('/ssl/', 'certServer.ssl.discovery'),
  ...readModify2('/system_settings/', 'certServer.general.configuration'),
  ...readModify2('/workflows/definitions/', 'certServer.workflow.definitions'),
  '/workflows/instances/manage/': [`${INSTANCES}:manage`],
  '/workflows/instances/read/': [`${INSTANCES}:read`],
  '/workflows/instances/read/mine/': [`${INSTANCES}:read-mine`],
  '/workflows/instances/read/pending/': [`${INSTANCES}:read-pending`],
};

/** Names of the second model to which the number of one collection or container may be added, `/…/read/17/`. */
export const NUMBERED: readonly { readonly prefix: string; readonly resource: string }[] = [
  { prefix: '/certificates/collections/', resource: COLLECTIONS },
  { prefix: '/certificate_stores/', resource: STORES },
];

function both(resource: string): string[] {
  return [`${resource}:read`, `${resource}:modify`];
}

function readModify(area: string, resource: string): Record<string, string[]> {
  return { [`${area}:Read`]: [`${resource}:read`], [`${area}:Modify`]: [`${resource}:modify`] };
}

function readModify2(prefix: string, resource: string): Record<string, string[]> {
  return { [`${prefix}read/`]: [`${resource}:read`], [`${prefix}modify/`]: [`${resource}:modify`] };
}
