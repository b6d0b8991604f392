/**
 * Where to go after signing in: `next` when it is a page of this portal, else the portal's start.
 * Anything that could leave this origin (`//host`, `/\host`, a scheme) or come back to sign-in is refused.
 */
export function nextPath(next: string | undefined): string {
  const start = '/portal/';
  if (next === undefined || !next.startsWith('/portal/')) return start;
  if (/[\\\p{Cc}]/u.test(next)) return start;
  const url = new URL(next, 'http://portal.invalid');
  if (url.host !== 'portal.invalid' || !url.pathname.startsWith('/portal/')) return start;
  if (url.pathname.startsWith('/portal/sign-in')) return start;
  return `${url.pathname}${url.search}${url.hash}`;
}
