import { parseRule } from './acl/parse.ts';
import type { AccessRule } from './acl/rule.ts';

/**
 * The access rules of the product, in the grammar of Dogtag's `resourceACLS` (see `acl/parse.ts`). Resources have
 * Dogtag's names, operations and entries where Dogtag has the thing; the others are named in its style.
 *
 *     ## area
 *     # what the resource is
 *     resource:operations:entries:who may what
 *
 * A right on a resource covers what lies below it; what no rule grants is refused. The groups are those of the
 * built-in roles (`roles.ts`); `user="anybody"` is everybody who is signed in.
 */
const DEFAULT_RULES_TEXT = String.raw`
## Account
# One's own account: signing in and out, changing one's own password, one's own API tokens
certServer.ca.account:login,logout,modify:allow (login,logout,modify) user="anybody":Anybody can login, logout and change what is his own
# The portal's first page
certServer.portal.home:read:allow (read) user="anybody":Anybody who is signed in may open the portal
# The dashboard, and the line that says what is at risk
certServer.portal.dashboard:read,risk-header:allow (read,risk-header) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents":Administrators and agents see the dashboard

## Audit log
# The signed audit log: searching and reading, taking its content out, verifying all of it, erasing contents
certServer.log.content.signedAudit:read,export,verify,erase:allow (read,export,verify,erase) group="Auditors":Only auditor is allowed to read the signed audit log
# How the log is doing, in detail
certServer.log.status:read:allow (read) group="Auditors":Only auditors see how the log is doing
# How long contents are kept, and holds that keep them longer
certServer.log.retention:read,modify:allow (read,modify) group="Auditors":Only auditors set how long contents are kept
# Programs that send records: who may register one; it sends and reads back by its token
certServer.log.producers:create,append,read:allow (create) group="Administrators":Administrators register producers, which append and read by their tokens
# Which events are recorded, with which filters, and how the signed audit files are written
certServer.log.configuration:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Administrators, Agents, and auditors are allowed to read the log configuration but only administrators are allowed to modify
# The names of the signed audit files
certServer.log.configuration.fileName:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents" ;deny (modify) user=anybody:Nobody is allowed to modify a fileName parameter
# When signed audit files would be deleted by themselves: never
certServer.log.configuration.signedAudit.expirationTime:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";deny (modify) user=anybody:Nobody is allowed to modify an expirationTime parameter.

## Security
# Identities, roles, claims and who holds what
certServer.usrgrp.administration:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":Administrators and auditors see identities and roles but only administrators modify them
# Users, as Dogtag's tools ask for them
certServer.ca.users:execute:allow (execute) group="Administrators":Admins may execute user operations
# Groups, as Dogtag's tools ask for them
certServer.ca.groups:execute:allow (execute) group="Administrators":Admins may execute group operations
# These rules
certServer.acl.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Administrators, agents and auditors are allowed to read ACL configuration but only administrators allowed to modify
# How people prove who they are; identity providers
certServer.auth.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Administrators, agents, and auditors are allowed to read authentication configuration but only administrators allowed to modify
# API applications: programs with a key and a secret of their own
certServer.security.applications:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":Administrators and auditors see API applications but only administrators modify them
# Quarterly reviews of who holds what
certServer.security.reviews:read,create,sign:allow (read,create) group="Administrators" || group="Auditors";allow (sign) group="Auditors":Administrators and auditors prepare access reviews and auditors sign them off

## Certificate authority
# Settings of the certificate authority
certServer.ca.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Administrators, auditors, and agents are allowed to read CA configuration but only administrators allowed to modify
# Certificate authorities and those below them
certServer.ca.authorities:list,read,create,modify,delete:allow (list,read) user="anybody";allow (create,modify) group="Administrators";allow (delete) group="Administrators":Anybody may list and read lightweight authorities; Administrators may create and modify lightweight authorities; Administrators may delete lightweight authorities
# Profiles, by which certificates are issued: the templates of other products
certServer.profile.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Administrators, agents, and auditors are allowed to read profile configuration but only administrators allowed to modify
# One certificate
certServer.ca.certificate:import,unrevoke,revoke,read:allow (import,unrevoke,revoke,read) group="Certificate Manager Agents":Certificate Manager agents may import,unrevoke,revoke,read a certificate
# Certificates, listed
certServer.ca.certificates:revoke,list:allow (revoke,list) group="Certificate Manager Agents"|| group="Registration Manager Agents":Only certificate  and registration manager agents revoke, list certificates
# Certificates, as Dogtag's tools ask for them
certServer.ca.certs:execute:allow (execute) group="Certificate Manager Agents":Agents may execute cert operations
# Requests for certificates: approving, rejecting, as Dogtag's tools ask for them
certServer.ca.certrequests:execute:allow (execute) group="Certificate Manager Agents":Agents may execute cert request operations
# Requests for certificates, one by one
certServer.ca.request.enrollment:submit,read,execute,assign,unassign:allow (submit) user="anybody";allow (read,execute,assign,unassign) group="Certificate Manager Agents":Anybody may submit an enrollment request, Certificate Manager Agents may read,execute,assign or unassign request
# Requests by a profile
certServer.ca.request.profile:approve,read:allow (approve,read) group="Certificate Manager Agents":Certificate Manager agents may approve profile
# Requests, listed
certServer.ca.requests:list:allow (list) group="Certificate Manager Agents"|| group="Registration Manager Agents":Only certificate and registration manager agents list requests
# Profiles as agents see them
certServer.ca.profile:read,approve:allow (read,approve) group="Certificate Manager Agents":Certificate Manager agents may read profile
# Profiles as agents see them, listed
certServer.ca.profiles:list:allow (list) group="Certificate Manager Agents":Certificate Manager agents may list profiles
# Revocation lists
certServer.ca.crl:read,update:allow (read,update) group="Certificate Manager Agents":Certificate Manager agents may read or update crl
# The authority's tests of itself
certServer.ca.selftests:read,execute:allow (read,execute) group="Administrators":Only admins can access selftests.
# The authority's statistics
certServer.ca.systemstatus:read:allow (read) group="Certificate Manager Agents":Certificate Manager agents may view statistics

## End entities
# The authority's own certificates
certServer.ee.certchain:download,read:allow (download,read) user="anybody":Anybody may download a certificate chain
# A certificate of one's own
certServer.ee.certificate:renew,revoke,read,import:allow (renew,revoke,read,import) user="anybody":Anybody may renew,import,revoke,read a certificate
# Certificates of one's own, listed
certServer.ee.certificates:revoke,list:allow (revoke,list) user="anybody":Anybody may revoke, list certificates
# Revocation lists, for everybody
certServer.ee.crl:read,add:allow (read,add) user="anybody":Anybody may add or retrieve CRL
# A profile to ask for a certificate by
certServer.ee.profile:submit,read:allow (submit,read) user="anybody":Anybody may submit certificate profiles
# Profiles to ask for certificates by, listed
certServer.ee.profiles:list:allow (list) user="anybody":Anybody may list certificate profiles
# Asking for a certificate
certServer.ee.request.enrollment:submit:allow (submit) user="anybody":Anybody may submit an enrollment request
# Asking whether a certificate is revoked
certServer.ee.request.ocsp:submit:allow (submit) ipaddress=".*":Any clients can submit ocsp requests
# Asking for a revocation
certServer.ee.request.revocation:submit:allow (submit) user="anybody":Anybody may submit a revocation request
# What has become of a request
certServer.ee.requestStatus:read:allow (read) user="anybody":Anybody may read request status

## Certificates
# Certificates by collections; a single collection is a resource below, by its number
certServer.certificate.collections:read,edit-metadata,recover,revoke,delete,import-private-key,change-owner,modify:allow (read,edit-metadata,recover,revoke,delete,import-private-key,change-owner) group="Certificate Manager Agents";allow (read,edit-metadata) group="Registration Manager Agents";allow (modify) group="Administrators":Agents work with the certificates of collections, which administrators define
# Enrollment: by a request made elsewhere, with a key made here, making a request, requests still waiting
certServer.certificate.enrollment:csr,pfx,generate-csr,pending-csr:allow (csr,pfx,generate-csr,pending-csr) group="Certificate Manager Agents" || group="Registration Manager Agents":Agents enroll certificates
# Stores of certificates on machines, their containers, inventory and jobs; one container is a resource below
certServer.certificate.stores:read,schedule,modify:allow (read,schedule,modify) group="Certificate Manager Agents";allow (read) group="Administrators" || group="Registration Manager Agents":Certificate Manager Agents manage stores, others look at them
# Fields that are kept beside certificates
certServer.metadata.types:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Agents see metadata fields, which administrators define
# Discovery of certificates in networks
certServer.ssl.discovery:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents";allow (modify) group="Administrators":Certificate Manager Agents see what is discovered, administrators say where to look

## Monitoring
# Alerts before expiration, for pending, issued and denied requests, for rotation of keys; their schedules
certServer.monitoring.alerts:read,modify,test,schedule,schedule-revocation:allow (read,modify,test,schedule,schedule-revocation) group="Administrators";allow (read,test) group="Certificate Manager Agents":Administrators define alerts, Certificate Manager Agents see and test them
# Programs that alerts call
certServer.monitoring.handlers:read,modify:allow (read,modify) group="Administrators":Administrators register event handlers
# Reports
certServer.reports:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify) group="Administrators":Administrators and agents read reports, which administrators define

## Orchestrators
# Programs on other machines that work there for this one
certServer.orchestrator.agents:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents";allow (modify) group="Administrators":Administrators approve orchestrators
# Which of them are approved by themselves
certServer.orchestrator.autoRegistration:read,modify:allow (read,modify) group="Administrators":Administrators say which orchestrators are approved by themselves
# Enrollment of Macs
certServer.orchestrator.macAutoEnrollment:read,modify:allow (read,modify) group="Administrators":Administrators manage the enrollment of Macs

## SSH
# One's own SSH key
certServer.ssh.mykey:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators have a key of their own; others by a permission of their role
# Keys that were found or made for others
certServer.ssh.keys:read,modify,delete:allow (read,modify,delete) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators manage keys
# Keys of programs
certServer.ssh.serviceAccounts:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators manage service accounts
# Servers whose keys are managed
certServer.ssh.servers:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators manage servers
# Accounts on those servers, and who may use them
certServer.ssh.logons:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators manage logons
# Users of SSH
certServer.ssh.users:read,modify:allow (read,modify) group="SSH Server Administrators" || group="SSH Enterprise Administrators":SSH administrators manage SSH users
# Groups of servers and who owns them
certServer.ssh.groups:read,modify:allow (read) group="SSH Server Administrators" || group="SSH Enterprise Administrators";allow (modify) group="SSH Enterprise Administrators":Only SSH enterprise administrators create groups and change their owners

## Workflow
# Definitions of workflows
certServer.workflow.definitions:read,modify:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents";allow (modify) group="Administrators":Administrators define workflows
# Workflows that run: all of them, those one began, those that wait for one, stopping and starting them
certServer.workflow.instances:read,read-mine,read-pending,manage:allow (read-mine,read-pending) user="anybody";allow (read) group="Administrators" || group="Certificate Manager Agents";allow (manage) group="Administrators":Anybody sees the workflows that concern him, administrators manage all

## Settings
# Settings of the system
certServer.general.configuration:read,modify,delete:allow (read) group="Administrators" || group="Auditors" || group="Certificate Manager Agents" || group="Registration Manager Agents";allow (modify,delete) group="Administrators":Administrators, auditors, and agents are allowed to read CMS general configuration but only administrators are allowed to modify and delete
# Settings of the applications
certServer.settings.application:read,modify:allow (read) group="Administrators" || group="Auditors";allow (modify) group="Administrators":Administrators set, auditors see application settings
# Work done on a schedule
certServer.job.configuration:read,modify:allow (read) group="Administrators" || group="Certificate Manager Agents" || group="Registration Manager Agents" || group="Auditors";allow (modify) group="Administrators":Administrators, agents, and auditors are allowed to read job configuration but only administrators allowed to modify
# Where secrets of others are fetched from
certServer.pam.providers:read,modify:allow (read,modify) group="Administrators":Administrators manage PAM providers
# Scripts that workflows and alerts run
certServer.scripts:read,modify:allow (read,modify) group="Administrators":Administrators manage scripts
`;

/** A rule of the product with what stands above it. */
export interface DefaultRule {
  readonly rule: AccessRule;
  readonly area: string;
  /** What the resource is. */
  readonly about: string;
}

/** The product's rules, in the order of the text. */
export const DOCUMENTED_RULES: readonly DefaultRule[] = readText(DEFAULT_RULES_TEXT);

/** The product's rules. */
export const DEFAULT_RULES: readonly AccessRule[] = DOCUMENTED_RULES.map(({ rule }) => rule);

function readText(text: string): DefaultRule[] {
  const rules: DefaultRule[] = [];
  let area = '';
  let about = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('## ')) area = line.slice(3);
    else if (line.startsWith('# ')) about = line.slice(2);
    else if (line !== '') rules.push({ rule: parseRule(line), area, about });
  }
  return rules;
}
