/** Where the portal begins. */
const START = '/portal/';

/**
 * Where to go after signing in: `next` when it is a page of the portal, else the portal's start. Anything that could
 * leave this origin (`//host`, `/\host`, a scheme) or come back to the sign-in page is not taken.
 */
export function checkedNext(next: string | undefined): string {
  if (next === undefined || next.length > 2_048 || !next.startsWith(START)) return START;
  if (/[\\\p{Cc}]/u.test(next)) return START;
  const url = URL.parse(next, 'http://portal.invalid');
  if (url === null || url.host !== 'portal.invalid' || !url.pathname.startsWith(START))
    return START;
  if (url.pathname.startsWith('/portal/sign-in')) return START;
  return `${url.pathname}${url.search}${url.hash}`;
}
