import { parseIndex } from '../audit/search-params.ts';
import type { PortalPage } from './pages.ts';

export type PaletteAction =
  | { readonly kind: 'page'; readonly page: PortalPage }
  | { readonly kind: 'record'; readonly index: number }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'appearance'; readonly value: 'light' | 'dark' | 'auto' }
  | { readonly kind: 'zone'; readonly value: 'utc' | 'local' }
  | { readonly kind: 'password' }
  | { readonly kind: 'sign-out' };

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly action: PaletteAction;
}

const SETTINGS: readonly (PaletteItem & { keywords: string })[] = [
  {
    id: 'light',
    label: 'Light appearance',
    hint: 'Setting',
    keywords: 'theme',
    action: { kind: 'appearance', value: 'light' },
  },
  {
    id: 'dark',
    label: 'Dark appearance',
    hint: 'Setting',
    keywords: 'theme',
    action: { kind: 'appearance', value: 'dark' },
  },
  {
    id: 'auto',
    label: 'Appearance as the system',
    hint: 'Setting',
    keywords: 'theme auto',
    action: { kind: 'appearance', value: 'auto' },
  },
  {
    id: 'utc',
    label: 'Times in UTC',
    hint: 'Setting',
    keywords: 'zone',
    action: { kind: 'zone', value: 'utc' },
  },
  {
    id: 'local',
    label: 'Times in local time',
    hint: 'Setting',
    keywords: 'zone',
    action: { kind: 'zone', value: 'local' },
  },
  {
    id: 'password',
    label: 'Change password',
    hint: 'Account',
    keywords: 'credential passphrase',
    action: { kind: 'password' },
  },
  {
    id: 'sign-out',
    label: 'Sign out',
    hint: 'Session',
    keywords: 'log out leave end',
    action: { kind: 'sign-out' },
  },
];

function matches(text: string, typed: string): boolean {
  const lower = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** What can be done with what was typed: a record by its number, pages, settings, and a search of the log. */
export function paletteItems(typed: string, pages: readonly PortalPage[]): PaletteItem[] {
  const text = typed.trim();
  const items: PaletteItem[] = [];
  const readsLog = pages.some(({ id }) => id === 'audit');
  const index = parseIndex(text.replace(/^#/, ''));
  if (index !== undefined && readsLog) {
    items.push({
      id: 'record',
      label: `Record ${index}`,
      hint: 'Open',
      action: { kind: 'record', index },
    });
  }
  for (const page of pages) {
    if (!matches(`${page.group} ${page.title} ${page.keywords}`, text)) continue;
    items.push({
      id: page.id,
      label: `${page.group} · ${page.title}`,
      hint: 'Page',
      action: { kind: 'page', page },
    });
  }
  for (const { keywords, ...item } of SETTINGS) {
    if (matches(`${item.label} ${keywords}`, text)) items.push(item);
  }
  if (text !== '' && readsLog) {
    items.push({
      id: 'search',
      label: `Search the log for ${text}`,
      hint: 'Query',
      action: { kind: 'search', query: text },
    });
  }
  return items;
}
