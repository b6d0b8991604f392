import {
  needs,
  open,
  READ_CATALOGUE,
  READ_LOG,
  READ_STATUS,
  type Rule,
} from '../authorization/rule.ts';
import type { AuthorizationEngine, Subject } from '../authorization/engine.ts';

/** A page of the portal, authorized here when it is asked for directly. */
export interface PortalPage {
  readonly pattern: string;
  readonly rule: Rule;
  /** Shown in the navigation of those who may open it. */
  readonly inNavigation: boolean;
}

/** The portal's pages. What is not in here is answered 404. */
export const PAGES: readonly PortalPage[] = [
  {
    pattern: '/portal/sign-in',
    rule: open('nobody is signed in before it; it shows nothing of the log'),
    inNavigation: false,
  },
  { pattern: '/portal/', rule: needs('certServer.portal.home', 'read'), inNavigation: false },
  { pattern: '/portal/audit', rule: READ_LOG, inNavigation: true },
  { pattern: '/portal/audit/{index}', rule: READ_LOG, inNavigation: false },
  { pattern: '/portal/health', rule: READ_STATUS, inNavigation: true },
  { pattern: '/portal/catalogue', rule: READ_CATALOGUE, inNavigation: true },
];

/** The pages somebody may open, in the order of the navigation. */
export function navigationFor(engine: AuthorizationEngine, subject: Subject): string[] {
  return PAGES.filter(
    ({ inNavigation, rule }) =>
      inNavigation && rule.kind === 'right' && engine.isAllowed(subject, rule.right),
  ).map(({ pattern }) => pattern);
}
