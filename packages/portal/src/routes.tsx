import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { parseAlertSearch } from './alerts/alert-kinds.ts';
import {
  parseAuditSearch,
  parseContext,
  parseTab,
  type SearchContext,
} from './audit/search-params.ts';
import { parseCertificateSearch } from './certificates/search-params.ts';
import { CrashPage } from './components/CrashPage.tsx';
import { NotFoundPage } from './components/NotFoundPage.tsx';
import { parseEnrollSearch } from './enroll/enroll-search.ts';
import { parseRequestSearch } from './requests/request-state.ts';
import { Shell } from './shell/Shell.tsx';
import { parseSignInSearch } from './sign-in/sign-in-search.ts';
import { SignInPage } from './sign-in/SignInPage.tsx';
import { parseJobSearch } from './stores/job-text.ts';

/** Words typed into the search field of a page. */
function parseWords(raw: Record<string, unknown>): { q?: string } {
  return typeof raw['q'] === 'string' && raw['q'] !== '' ? { q: raw['q'] } : {};
}

/** Which tab of a page is open. */
function parseTabName(raw: Record<string, unknown>): { tab?: string } {
  return typeof raw['tab'] === 'string' && raw['tab'] !== '' ? { tab: raw['tab'] } : {};
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: parseSignInSearch,
});

/** Everything behind sign-in stands inside the shell. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./home/HomePage.tsx'), 'HomePage'),
});

const certificates = createRoute({
  getParentRoute: () => shell,
  path: '/certificates',
  validateSearch: parseCertificateSearch,
  component: lazyRouteComponent(
    () => import('./certificates/CertificatesPage.tsx'),
    'CertificatesPage',
  ),
});

const certificate = createRoute({
  getParentRoute: () => shell,
  path: '/certificates/$id',
  component: lazyRouteComponent(
    () => import('./certificates/CertificatePage.tsx'),
    'CertificatePage',
  ),
});

const enroll = createRoute({
  getParentRoute: () => shell,
  path: '/enroll',
  validateSearch: parseEnrollSearch,
  component: lazyRouteComponent(() => import('./enroll/EnrollPage.tsx'), 'EnrollPage'),
});

const requests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: parseRequestSearch,
  component: lazyRouteComponent(() => import('./requests/RequestsPage.tsx'), 'RequestsPage'),
});

const request = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('./requests/RequestPage.tsx'), 'RequestPage'),
});

const csrs = createRoute({
  getParentRoute: () => shell,
  path: '/csrs',
  component: lazyRouteComponent(() => import('./csrs/CsrsPage.tsx'), 'CsrsPage'),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  component: lazyRouteComponent(() => import('./import/ImportPage.tsx'), 'ImportPage'),
});

const collections = createRoute({
  getParentRoute: () => shell,
  path: '/collections',
  component: lazyRouteComponent(
    () => import('./collections/CollectionsPage.tsx'),
    'CollectionsPage',
  ),
});

const collection = createRoute({
  getParentRoute: () => shell,
  path: '/collections/$id',
  component: lazyRouteComponent(() => import('./collections/CollectionPage.tsx'), 'CollectionPage'),
});

const templates = createRoute({
  getParentRoute: () => shell,
  path: '/templates',
  component: lazyRouteComponent(() => import('./templates/TemplatesPage.tsx'), 'TemplatesPage'),
});

const template = createRoute({
  getParentRoute: () => shell,
  path: '/templates/$name',
  component: lazyRouteComponent(() => import('./templates/TemplatePage.tsx'), 'TemplatePage'),
});

const authorities = createRoute({
  getParentRoute: () => shell,
  path: '/authorities',
  component: lazyRouteComponent(
    () => import('./authorities/AuthoritiesPage.tsx'),
    'AuthoritiesPage',
  ),
});

const authority = createRoute({
  getParentRoute: () => shell,
  path: '/authorities/$id',
  component: lazyRouteComponent(() => import('./authorities/AuthorityPage.tsx'), 'AuthorityPage'),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: parseTabName,
  component: lazyRouteComponent(() => import('./settings/SettingsPage.tsx'), 'SettingsPage'),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  validateSearch: parseAlertSearch,
  component: lazyRouteComponent(() => import('./alerts/AlertsPage.tsx'), 'AlertsPage'),
});

const metadataFields = createRoute({
  getParentRoute: () => shell,
  path: '/metadata',
  component: lazyRouteComponent(
    () => import('./metadata/MetadataFieldsPage.tsx'),
    'MetadataFieldsPage',
  ),
});

const stores = createRoute({
  getParentRoute: () => shell,
  path: '/stores',
  validateSearch: parseTabName,
  component: lazyRouteComponent(() => import('./stores/StoresPage.tsx'), 'StoresPage'),
});

const store = createRoute({
  getParentRoute: () => shell,
  path: '/stores/$id',
  component: lazyRouteComponent(() => import('./stores/StorePage.tsx'), 'StorePage'),
});

const storeJobs = createRoute({
  getParentRoute: () => shell,
  path: '/store-jobs',
  validateSearch: parseJobSearch,
  component: lazyRouteComponent(() => import('./stores/JobsPage.tsx'), 'JobsPage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: parseAuditSearch,
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
});

interface RecordSearch extends SearchContext {
  readonly tab?: Exclude<ReturnType<typeof parseTab>, undefined>;
  readonly proof?: 'open';
}

const record = createRoute({
  getParentRoute: () => shell,
  path: '/audit/$index',
  validateSearch: (raw): RecordSearch => {
    const tab = parseTab(raw['tab']);
    return {
      ...parseContext(raw),
      ...(tab === undefined ? {} : { tab }),
      ...(raw['proof'] === 'open' ? { proof: 'open' as const } : {}),
    };
  },
  component: lazyRouteComponent(() => import('./record/RecordPage.tsx'), 'RecordPage'),
});

const health = createRoute({
  getParentRoute: () => shell,
  path: '/health',
  component: lazyRouteComponent(() => import('./health/HealthPage.tsx'), 'HealthPage'),
});

const catalogue = createRoute({
  getParentRoute: () => shell,
  path: '/catalogue',
  validateSearch: parseWords,
  component: lazyRouteComponent(() => import('./catalogue/CataloguePage.tsx'), 'CataloguePage'),
});

const erasures = createRoute({
  getParentRoute: () => shell,
  path: '/erasures',
  component: lazyRouteComponent(() => import('./erasures/ErasuresPage.tsx'), 'ErasuresPage'),
});

const identities = createRoute({
  getParentRoute: () => shell,
  path: '/security/identities',
  validateSearch: parseWords,
  component: lazyRouteComponent(
    () => import('./security/identities/IdentitiesPage.tsx'),
    'IdentitiesPage',
  ),
});

const identity = createRoute({
  getParentRoute: () => shell,
  path: '/security/identities/$username',
  component: lazyRouteComponent(
    () => import('./security/identities/IdentityPage.tsx'),
    'IdentityPage',
  ),
});

const roles = createRoute({
  getParentRoute: () => shell,
  path: '/security/roles',
  component: lazyRouteComponent(() => import('./security/roles/RolesPage.tsx'), 'RolesPage'),
});

const role = createRoute({
  getParentRoute: () => shell,
  path: '/security/roles/$name',
  component: lazyRouteComponent(() => import('./security/roles/RolePage.tsx'), 'RolePage'),
});

const claims = createRoute({
  getParentRoute: () => shell,
  path: '/security/claims',
  component: lazyRouteComponent(() => import('./security/claims/ClaimsPage.tsx'), 'ClaimsPage'),
});

const accessRules = createRoute({
  getParentRoute: () => shell,
  path: '/security/access-rules',
  validateSearch: parseWords,
  component: lazyRouteComponent(
    () => import('./security/access-rules/AccessRulesPage.tsx'),
    'AccessRulesPage',
  ),
});

const accessRule = createRoute({
  getParentRoute: () => shell,
  path: '/security/access-rules/$resource',
  component: lazyRouteComponent(
    () => import('./security/access-rules/AccessRulePage.tsx'),
    'AccessRulePage',
  ),
});

const applications = createRoute({
  getParentRoute: () => shell,
  path: '/security/applications',
  component: lazyRouteComponent(
    () => import('./security/applications/ApplicationsPage.tsx'),
    'ApplicationsPage',
  ),
});

const reviews = createRoute({
  getParentRoute: () => shell,
  path: '/security/reviews',
  component: lazyRouteComponent(() => import('./security/reviews/ReviewsPage.tsx'), 'ReviewsPage'),
});

const review = createRoute({
  getParentRoute: () => shell,
  path: '/security/reviews/$period',
  component: lazyRouteComponent(() => import('./security/reviews/ReviewPage.tsx'), 'ReviewPage'),
});

const auditConfiguration = createRoute({
  getParentRoute: () => shell,
  path: '/audit-configuration',
  component: lazyRouteComponent(
    () => import('./audit-configuration/AuditConfigurationPage.tsx'),
    'AuditConfigurationPage',
  ),
});

const auditFiles = createRoute({
  getParentRoute: () => shell,
  path: '/audit-files',
  component: lazyRouteComponent(() => import('./audit-files/AuditFilesPage.tsx'), 'AuditFilesPage'),
});

const tokens = createRoute({
  getParentRoute: () => shell,
  path: '/account/tokens',
  component: lazyRouteComponent(() => import('./account/TokensPage.tsx'), 'TokensPage'),
});

/** Search parameters are plain text: `?open=41`, not JSON. */
function stringifySearch(search: Record<string, unknown>): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' || typeof value === 'number') text.set(name, String(value));
  }
  const joined = text.toString();
  return joined === '' ? '' : `?${joined}`;
}

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      home,
      certificates,
      certificate,
      enroll,
      requests,
      request,
      csrs,
      importing,
      collections,
      collection,
      templates,
      template,
      authorities,
      authority,
      stores,
      store,
      storeJobs,
      settings,
      alerts,
      metadataFields,
      audit,
      record,
      health,
      catalogue,
      erasures,
      identities,
      identity,
      roles,
      role,
      claims,
      accessRules,
      accessRule,
      applications,
      reviews,
      review,
      auditConfiguration,
      auditFiles,
      tokens,
    ]),
  ]),
  basepath: '/portal',
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch,
  defaultErrorComponent: CrashPage,
  defaultNotFoundComponent: NotFoundPage,
  trailingSlash: 'preserve',
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
