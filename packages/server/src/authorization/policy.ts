import type { Role } from './roles.ts';

/** One right: who may do what with which resource. */
export interface Grant {
  readonly resource: string;
  readonly operations: readonly string[];
  readonly roles: readonly Role[];
}

/**
 * The access rules. Resources are named in Dogtag's style, with Dogtag's names where Dogtag has the thing
 * (`certServer.log.content.signedAudit`: only auditors read it). A right on a resource covers what lies below
 * it; what no rule grants is refused.
 */
export const POLICY: readonly Grant[] = [
  {
    resource: 'certServer.ca.account',
    operations: ['login', 'logout', 'modify'],
    roles: ['Administrator', 'Auditor'],
  },
  { resource: 'certServer.portal.home', operations: ['read'], roles: ['Administrator', 'Auditor'] },
  {
    resource: 'certServer.log.configuration',
    operations: ['read'],
    roles: ['Administrator', 'Auditor'],
  },
  {
    // Searching and reading; exporting takes the content out of the house; verifying costs the machine minutes.
    resource: 'certServer.log.content.signedAudit',
    operations: ['read', 'export', 'verify'],
    roles: ['Auditor'],
  },
  { resource: 'certServer.log.status', operations: ['read'], roles: ['Auditor'] },
  { resource: 'certServer.log.producers', operations: ['create'], roles: ['Administrator'] },
  { resource: 'certServer.ca.users', operations: ['execute'], roles: ['Administrator'] },
];
