import { parseRule } from './acl/parse.ts';
import type { AccessRule } from './acl/rule.ts';

/**
 * The access rules of the product, in the grammar of Dogtag's `resourceACLS` (see `acl/parse.ts`). Resources have
 * Dogtag's names, operations and entries where Dogtag has the thing; the others are named in its style.
 *
 *     ## area
 *     resource:operations:entries:what the resource is
 *
 * A right on a resource covers what lies below it; what no rule grants is refused. The groups are those of the
 * built-in roles (`roles.ts`); `user="anybody"` is everybody who is signed in.
 */
const DEFAULT_RULES_TEXT = String.raw`
## Account
certServer.ca.account:login,logout,modify:allow (login,logout,modify) user="anybody":One's own account, signing in and out, changing one's own password, one's own API tokens
certServer.portal.home:read:allow (read) user="anybody":The portal's first page
certServer.portal.dashboard:read,risk-header:allow (read,risk-header) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents":The dashboard, and the line that says what is at risk

## Audit log
certServer.log.content.signedAudit:read,export,verify,erase:allow (read,export,verify,erase) group="Auditors":The signed audit log, searching and reading, taking its content out, verifying all of it, erasing contents
certServer.log.status:read:allow (read) group="Auditors":How the log is doing, in detail
certServer.log.retention:read,modify:allow (read,modify) group="Auditors":How long contents are kept, and holds that keep them longer
certServer.log.producers:create,append,read:allow (create) group="Administrators":Programs that send records, who may register one; it sends and reads back by its token
certServer.log.configuration:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Which events are recorded, with which filters, and how the signed audit files are written
certServer.log.configuration.fileName:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents" ;deny (modify) user=anybody:The names of the signed audit files
certServer.log.configuration.signedAudit.expirationTime:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";deny (modify) user=anybody:When signed audit files would be deleted by themselves, never

## Security
certServer.usrgrp.administration:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":Identities, roles, claims and who holds what
certServer.ca.users:execute:allow (execute) group="Administrators":Users, as Dogtag's tools ask for them
certServer.ca.groups:execute:allow (execute) group="Administrators":Groups, as Dogtag's tools ask for them
certServer.acl.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":These rules
certServer.auth.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":How people prove who they are; identity providers
certServer.security.applications:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":API applications, programs with a key and a secret of their own
certServer.security.reviews:read,create,sign:allow (read,create) group="Administrators" || group="Auditors";allow (sign) group="Auditors":Quarterly reviews of who holds what

## Certificate authority
certServer.ca.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Settings of the certificate authority
certServer.ca.authorities:list,read,create,modify,delete:allow (list,read) user="anybody";allow (create,modify) group="Administrators";allow (delete) group="Administrators":Certificate authorities and those below them
certServer.profile.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Profiles, by which certificates are issued, the templates of other products
certServer.ca.certificate:import,unrevoke,revoke,read:allow (import,unrevoke,revoke,read) group="Certificate Manager Agents":One certificate
certServer.ca.certificates:revoke,list:allow (revoke,list) group="Certificate Manager Agents"|| group="Registration Manager Agents":Certificates, listed
certServer.ca.certs:execute:allow (execute) group="Certificate Manager Agents":Certificates, as Dogtag's tools ask for them
certServer.ca.certrequests:execute:allow (execute) group="Certificate Manager Agents":Requests for certificates, approving, rejecting, as Dogtag's tools ask for them
certServer.ca.request.enrollment:submit,read,execute,assign,unassign:allow (submit) user="anybody";allow (read,execute,assign,unassign) group="Certificate Manager Agents":Requests for certificates, one by one
certServer.ca.request.profile:approve,read:allow (approve,read) group="Certificate Manager Agents":Requests by a profile
certServer.ca.requests:list:allow (list) group="Certificate Manager Agents"|| group="Registration Manager Agents":Requests, listed
certServer.ca.profile:read,approve:allow (read,approve) group="Certificate Manager Agents":Profiles as agents see them
certServer.ca.profiles:list:allow (list) group="Certificate Manager Agents":Profiles as agents see them, listed
certServer.ca.crl:read,update:allow (read,update) group="Certificate Manager Agents":Revocation lists
certServer.ca.selftests:read,execute:allow (read,execute) group="Administrators":The authority's tests of itself
certServer.ca.systemstatus:read:allow (read) group="Certificate Manager Agents":The authority's statistics

## End entities
certServer.ee.certchain:download,read:allow (download,read) user="anybody":The authority's own certificates
certServer.ee.certificate:renew,revoke,read,import:allow (renew,revoke,read,import) user="anybody":A certificate of one's own
certServer.ee.certificates:revoke,list:allow (revoke,list) user="anybody":Certificates of one's own, listed
certServer.ee.crl:read,add:allow (read,add) user="anybody":Revocation lists, for everybody
certServer.ee.profile:submit,read:allow (submit,read) user="anybody":A profile to ask for a certificate by
certServer.ee.profiles:list:allow (list) user="anybody":Profiles to ask for certificates by, listed
certServer.ee.request.enrollment:submit:allow (submit) user="anybody":Asking for a certificate
certServer.ee.request.ocsp:submit:allow (submit) ipaddress=".*":Asking whether a certificate is revoked
certServer.ee.request.revocation:submit:allow (submit) user="anybody":Asking for a revocation
certServer.ee.requestStatus:read:allow (read) user="anybody":What has become of a request

## Certificates
certServer.certificate.collections:read,edit-metadata,recover,revoke,delete,import-private-key,change-owner,modify:allow (read,edit-metadata,recover,revoke,delete,import-private-key,change-owner) group="Certificate Manager Agents";allow (read,edit-metadata) group="Registration Manager Agents";allow (read) group="Auditors";allow (modify) group="Administrators":Certificates by collections; a single collection is a resource below, by its number
certServer.certificate.enrollment:csr,pfx,generate-csr,pending-csr:allow (csr,pfx,generate-csr,pending-csr) group="Certificate Manager Agents" || group="Registration Manager Agents":Enrollment, by a request made elsewhere, with a key made here, making a request, requests still waiting
certServer.certificate.stores:read,schedule,modify:allow (read,schedule,modify) group="Certificate Manager Agents";allow (read) group="Administrators" || group="Registration Manager Agents":Stores of certificates on machines, their containers, inventory and jobs; one container is a resource below
certServer.metadata.types:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Fields that are kept beside certificates
certServer.ssl.discovery:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents";allow (modify) group="Administrators":Discovery of certificates in networks

## Monitoring
certServer.monitoring.alerts:read,modify,test,schedule,schedule-revocation:allow (read,modify,test,schedule,schedule-revocation) group="Administrators";allow (read,test) group="Certificate Manager Agents":Alerts before expiration, for pending, issued and denied requests, for rotation of keys; their schedules
certServer.monitoring.handlers:read,modify:allow (read,modify) group="Administrators":Programs that alerts call
certServer.reports:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Reports

## Orchestrators
certServer.orchestrator.agents:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents";allow (modify) group="Administrators":Programs on other machines that work there for this one
certServer.orchestrator.autoRegistration:read,modify:allow (read,modify) group="Administrators":Which of them are approved by themselves
certServer.orchestrator.macAutoEnrollment:read,modify:allow (read,modify) group="Administrators":Enrollment of Macs

## SSH
certServer.ssh.mykey:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":One's own SSH key
certServer.ssh.keys:read,modify,delete:allow (read,modify,delete) group="SSH Server Administrators" || group="SSH Enterprise Administrators":Keys that were found or made for others
certServer.ssh.serviceAccounts:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":Keys of programs
certServer.ssh.servers:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":Servers whose keys are managed
certServer.ssh.logons:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":Accounts on those servers, and who may use them
certServer.ssh.users:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":Users of SSH
certServer.ssh.groups:read,modify:allow (read) group="SSH Server Administrators" || group="SSH Enterprise Administrators";allow (modify) group="SSH Enterprise Administrators":Groups of servers and who owns them

## Workflow
certServer.workflow.definitions:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents";allow (modify) group="Administrators":Definitions of workflows
certServer.workflow.instances:read,read-mine,read-pending,manage:allow (read-mine,read-pending) user="anybody";allow (read) group="Administrators" || group="Certificate Manager Agents";allow (manage) group="Administrators":Workflows that run, all of them, those one began, those that wait for one, stopping and starting them

## Settings
certServer.general.configuration:read,modify,delete:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify,delete) group="Administrators":Settings of the system
certServer.settings.application:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":Settings of the applications
certServer.job.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Work done on a schedule
certServer.pam.providers:read,modify:allow (read,modify) group="Administrators":Where secrets of others are fetched from
certServer.scripts:read,modify:allow (read,modify) group="Administrators":Scripts that workflows and alerts run
`;

/** A rule of the product and where it belongs. */
export interface DefaultRule {
  readonly rule: AccessRule;
  readonly area: string;
}

/** The product's rules, in the order of the text. */
export const DOCUMENTED_RULES: readonly DefaultRule[] = readText(DEFAULT_RULES_TEXT);

/** The product's rules. */
export const DEFAULT_RULES: readonly AccessRule[] = DOCUMENTED_RULES.map(({ rule }) => rule);

function readText(text: string): DefaultRule[] {
  const rules: DefaultRule[] = [];
  let area = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) area = line.slice(3);
    else if (line !== '') rules.push({ rule: parseRule(line), area });
  }
  return rules;
}
