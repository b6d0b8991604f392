import {
  heldRight,
  needs,
  open,
  READ_CATALOGUE,
  READ_LOG,
  READ_STATUS,
  type Rule,
} from '../authorization/rule.ts';
import { COLLECTIONS, needsCertificates } from '../certificates/access.ts';
import type { AuthorizationEngine, Subject } from '../authorization/engine.ts';
import { formatRight } from '../authorization/permission-names.ts';
import { RESOURCES } from '../authorization/resources.ts';

/** A page of the portal, authorized here when it is asked for directly. */
export interface PortalPage {
  readonly pattern: string;
  readonly rule: Rule;
  /** Shown in the navigation of those who may open it. */
  readonly inNavigation: boolean;
}

/** Who may read certificates of a collection sees it, and so does who defines collections. */
const SEE_COLLECTIONS: Rule = {
  kind: 'right',
  right: { resource: COLLECTIONS, operation: 'read' },
  below: true,
  otherwise: { resource: COLLECTIONS, operation: 'modify' },
};

/** The portal's pages. What is not in here is answered 404. */
export const PAGES: readonly PortalPage[] = [
  {
    pattern: '/portal/sign-in',
    rule: open('nobody is signed in before it; it shows nothing of the log'),
    inNavigation: false,
  },
  { pattern: '/portal/', rule: needs('certServer.portal.home', 'read'), inNavigation: false },
  ...listWithPages('certificates', 'id', needsCertificates('read')),
  {
    pattern: '/portal/enroll',
    rule: {
      kind: 'right',
      right: { resource: 'certServer.certificate.enrollment', operation: 'csr' },
      otherwise: { resource: 'certServer.certificate.enrollment', operation: 'pfx' },
    },
    inNavigation: true,
  },
  ...listWithPages('requests', 'id', needs('certServer.ca.requests', 'list')),
  {
    pattern: '/portal/csrs',
    rule: needs('certServer.certificate.enrollment', 'pending-csr'),
    inNavigation: true,
  },
  {
    pattern: '/portal/import',
    rule: needs('certServer.ca.certificate', 'import'),
    inNavigation: true,
  },
  ...listWithPages('collections', 'id', SEE_COLLECTIONS),
  ...listWithPages('templates', 'name', needs('certServer.profile.configuration', 'read')),
  ...listWithPages('authorities', 'id', needs('certServer.ca.authorities', 'list')),
  ...listWithPages('stores', 'id', needs('certServer.certificate.stores', 'read')),
  {
    pattern: '/portal/store-jobs',
    rule: needs('certServer.certificate.stores', 'read'),
    inNavigation: true,
  },
  {
    pattern: '/portal/settings',
    rule: needs('certServer.settings.application', 'read'),
    inNavigation: true,
  },
  {
    pattern: '/portal/alerts',
    rule: needs('certServer.monitoring.alerts', 'read'),
    inNavigation: true,
  },
  {
    pattern: '/portal/metadata',
    rule: needs('certServer.metadata.types', 'read'),
    inNavigation: true,
  },
  { pattern: '/portal/audit', rule: READ_LOG, inNavigation: true },
  { pattern: '/portal/audit/{index}', rule: READ_LOG, inNavigation: false },
  { pattern: '/portal/health', rule: READ_STATUS, inNavigation: true },
  { pattern: '/portal/catalogue', rule: READ_CATALOGUE, inNavigation: true },
  { pattern: '/portal/audit-configuration', rule: READ_CATALOGUE, inNavigation: true },
  {
    pattern: '/portal/erasures',
    rule: needs('certServer.log.content.signedAudit', 'erase'),
    inNavigation: true,
  },
  { pattern: '/portal/audit-files', rule: READ_LOG, inNavigation: true },
  ...listWithDetails('identities', 'username', 'certServer.usrgrp.administration'),
  ...listWithDetails('roles', 'name', 'certServer.usrgrp.administration'),
  {
    pattern: '/portal/security/claims',
    rule: needs('certServer.usrgrp.administration', 'read'),
    inNavigation: true,
  },
  ...listWithDetails('access-rules', 'resource', 'certServer.acl.configuration'),
  {
    pattern: '/portal/security/applications',
    rule: needs('certServer.security.applications', 'read'),
    inNavigation: true,
  },
  ...listWithDetails('reviews', 'period', 'certServer.security.reviews'),
  {
    pattern: '/portal/account/tokens',
    rule: needs('certServer.ca.account', 'modify'),
    inNavigation: true,
  },
];

/** A list of security administration and the page of one of its items, to be read with the same right. */
function listWithDetails(list: string, item: string, resource: string): PortalPage[] {
  return listWithPages(`security/${list}`, item, needs(resource, 'read'));
}

/** A list and the page of one of its items, by the same rule. */
function listWithPages(list: string, item: string, rule: Rule): PortalPage[] {
  const pattern = `/portal/${list}`;
  return [
    { pattern, rule, inNavigation: true },
    { pattern: `${pattern}/{${item}}`, rule, inNavigation: false },
  ];
}

/** The pages somebody may open, in the order of the navigation. */
export function navigationFor(engine: AuthorizationEngine, subject: Subject): string[] {
  return PAGES.filter(
    ({ inNavigation, rule }) =>
      inNavigation && rule.kind === 'right' && heldRight(engine, subject, rule) !== null,
  ).map(({ pattern }) => pattern);
}

/** Resources with rights on single objects below them. */
const WITH_OBJECTS: ReadonlySet<string> = new Set([COLLECTIONS, 'certServer.certificate.stores']);

/**
 * The rights somebody holds on the resources of the product, `resource:operation`, and on single objects where he lacks
 * the right on all: what to offer, not what to allow.
 */
export function rightsFor(engine: AuthorizationEngine, subject: Subject): string[] {
  return RESOURCES.flatMap(({ resource, operations }) =>
    operations
      .flatMap((operation) => {
        const right = { resource, operation };
        if (engine.isAllowed(subject, right)) return [right];
        return WITH_OBJECTS.has(resource) ? engine.rightsBelow(subject, right) : [];
      })
      .map(formatRight),
  );
}
