import { pageOf, type PageId, type PortalPage } from './pages.ts';

/** Where a path is: its page, and what of it is shown. */
export interface Trail {
  readonly page: PortalPage;
  /** "Record 41", "jdoe"; null on the page itself. */
  readonly detail: string | null;
}

/** What is known by its number alone. */
const NUMBERED: Partial<Record<PageId, string>> = {
  audit: 'Record',
  certificates: 'Certificate',
  requests: 'Request',
  collections: 'Collection',
  authorities: 'Authority',
};

/** What is known by an identifier that says nothing to a reader. */
const NAMELESS: Partial<Record<PageId, string>> = { stores: 'Store' };

/** The trail of a path as the router has it; null for the start and for what leads nowhere. */
export function trailOf(path: string): Trail | null {
  const page = pageOf(path);
  if (page === null) return null;
  const rest = path.slice(page.path.length + 1);
  if (rest === '') return { page, detail: null };
  const nameless = NAMELESS[page.id];
  if (nameless !== undefined) return { page, detail: nameless };
  const name = decoded(rest);
  const what = NUMBERED[page.id];
  return { page, detail: what === undefined ? name : `${what} ${name}` };
}

/** A part of a URL as it is read; one that is no such part stays as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
