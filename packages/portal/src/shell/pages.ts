/** A page with a place in the navigation. `id` is what the session's navigation calls it, below `/portal/`. */
export interface PortalPage {
  readonly id: PageId;
  readonly path: `/${PageId}`;
  readonly title: string;
  /** `Account` stands in the menu of the user, the others in the navigation. */
  readonly group: 'Certificates' | 'Stores' | 'Security' | 'Audit' | 'Settings' | 'Account';
  readonly keywords: string;
}

export type PageId =
  | 'certificates'
  | 'enroll'
  | 'requests'
  | 'csrs'
  | 'import'
  | 'collections'
  | 'templates'
  | 'authorities'
  | 'stores'
  | 'store-jobs'
  | 'settings'
  | 'alerts'
  | 'metadata'
  | 'audit'
  | 'health'
  | 'catalogue'
  | 'audit-configuration'
  | 'audit-files'
  | 'erasures'
  | 'security/identities'
  | 'security/roles'
  | 'security/claims'
  | 'security/access-rules'
  | 'security/applications'
  | 'security/reviews'
  | 'account/tokens';

function page(group: PortalPage['group'], id: PageId, title: string, keywords: string): PortalPage {
  return { id, path: `/${id}`, title, group, keywords };
}

export const PAGES: readonly PortalPage[] = [
  page('Certificates', 'certificates', 'Search', 'certificates find expiring revoke collections'),
  page('Certificates', 'enroll', 'Enroll', 'certificates request csr pfx pkcs12 issue new'),
  page('Certificates', 'requests', 'Requests', 'certificates pending approve deny issued denied'),
  page('Certificates', 'csrs', 'CSRs', 'certificates signing requests pkcs10 generate key'),
  page('Certificates', 'import', 'Import', 'certificates pem der pkcs12 pfx upload'),
  page('Certificates', 'collections', 'Collections', 'certificates saved searches permissions'),
  page('Certificates', 'templates', 'Templates', 'certificates profiles policy validity'),
  page('Certificates', 'authorities', 'Authorities', 'ca root issuing crl ocsp revocation list'),
  page('Stores', 'stores', 'Stores', 'certificates installed servers sftp pem pkcs12 inventory'),
  page('Stores', 'store-jobs', 'Jobs', 'stores scheduled failed inventory discovery'),
  page('Security', 'security/identities', 'Identities', 'users people accounts certificates'),
  page('Security', 'security/roles', 'Roles', 'groups permissions rights members'),
  page('Security', 'security/claims', 'Claims', 'identity provider oidc oauth groups mapping'),
  page('Security', 'security/access-rules', 'Access rules', 'acl resourceacls allow deny import'),
  page('Security', 'security/applications', 'API applications', 'keys secrets clients basic'),
  page('Security', 'security/reviews', 'Access review', 'quarterly who holds what sign off'),
  page('Audit', 'audit', 'Log', 'audit log records search events'),
  page('Audit', 'health', 'Health', 'health verify checkpoint key producers integrity'),
  page('Audit', 'catalogue', 'Catalogue', 'catalogue events categories operations codes'),
  page('Audit', 'audit-configuration', 'Configuration', 'events selection filter enable disable'),
  page('Audit', 'audit-files', 'Signed files', 'signed audit files ca_audit download verify'),
  page('Audit', 'erasures', 'Erasures', 'erase content gdpr privacy second auditor approve'),
  page('Settings', 'settings', 'Application', 'settings options smtp mail'),
  page('Settings', 'alerts', 'Alerts', 'expiration pending issued denied mail webhook'),
  page('Settings', 'metadata', 'Metadata fields', 'certificates fields custom attributes'),
  page('Account', 'account/tokens', 'API tokens', 'bearer personal scopes'),
];

/** The pages of this portal that the session names, in the order of the navigation. */
export function allowedPages(navigation: readonly string[]): PortalPage[] {
  const names = new Set(navigation.map((entry) => entry.replace(/^\/portal\//, '')));
  return PAGES.filter(({ id }) => names.has(id));
}

/** The page a path belongs to: `/audit/41` is part of `/audit`. */
export function pageOf(path: string): PortalPage | null {
  return PAGES.find((page) => path === page.path || path.startsWith(`${page.path}/`)) ?? null;
}
