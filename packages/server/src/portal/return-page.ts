import { escapeHtml } from './error-page.ts';

/** Nothing at all may be loaded or run on it, framed around it or sent from it. */
export const RETURN_PAGE_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The page that a browser gets which the identity provider has sent back: it goes on to a page of the portal by itself.
 *
 * Why no redirect: the session cookie is SameSite=Strict, and a redirect would still belong to the navigation that the
 * provider's site began, so the browser would leave the new cookie at home and the portal would ask to sign in again.
 * A page of ours begins a navigation of its own. It needs no script and nothing to load, so that nothing of that kind
 * is allowed on it.
 */
export function returnPage(path: string): string {
  const to = escapeHtml(path);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="0;url=${to}"><title>Signed in · Countersign</title></head>
<body>
<p>You are signed in. <a href="${to}">Go on</a></p>
</body>
</html>
`;
}
