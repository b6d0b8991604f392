import { parseDenial, type Denial } from '../denied/denial.ts';
import { decoded } from './trail.ts';

/** The page this document was loaded for, as the router sees it: without the portal's base. */
const entrancePath = decoded(window.location.pathname.replace(/^\/portal/, '') || '/');
const entranceDenial = parseDenial(document.getElementById('denial')?.textContent);

/** The server's refusal of this page, when the document at hand was the answer to asking for it. */
export function deniedWithPage(path: string): Denial | null {
  return decoded(path) === entrancePath ? entranceDenial : null;
}

/** Whether the server itself answered for this page, so that asking again would change nothing. */
export function isAnsweredByServer(path: string): boolean {
  return decoded(path) === entrancePath;
}
