/** A page with a place in the navigation. `right` is what the session's navigation calls it. */
export interface PortalPage {
  readonly id: 'audit' | 'health' | 'catalogue';
  readonly path: '/audit' | '/health' | '/catalogue';
  readonly title: string;
  readonly group: string;
  readonly keywords: string;
}

export const PAGES: readonly PortalPage[] = [
  {
    id: 'audit',
    path: '/audit',
    title: 'Log',
    group: 'Audit',
    keywords: 'audit log records search events',
  },
  {
    id: 'health',
    path: '/health',
    title: 'Health',
    group: 'Audit',
    keywords: 'health verify checkpoint key producers integrity',
  },
  {
    id: 'catalogue',
    path: '/catalogue',
    title: 'Catalogue',
    group: 'Audit',
    keywords: 'catalogue events categories operations codes',
  },
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
