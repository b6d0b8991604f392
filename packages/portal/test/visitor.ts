import { PASSWORDS, type System, type Username } from '@countersign/testing';
import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

export interface VisitorOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** What else the browser is told: certificates to trust or to show, another address. */
  readonly context?: BrowserContextOptions;
}

/** A person at a browser window of their own. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained about: failing scripts, blocked styles, errors thrown. */
  readonly complaints: readonly string[];
}

/** Opens a window; what the browser complains about meanwhile is kept. */
export async function openWindow(
  browser: Browser,
  system: System,
  { width = 1440, height = 900, colorScheme = 'light', context: more = {} }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: system.url,
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    ...more,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused request is part of what is tested; the browser reports it as an error, too.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  return { page, context, complaints };
}

/** Fills the sign-in page, whose turn it is, and sends it. */
export async function fillSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('Name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Asks for a page and signs in on the way to it. */
export async function signInTo(page: Page, path: string, username: Username): Promise<void> {
  await page.goto(path);
  await fillSignIn(page, username, PASSWORDS[username]);
  await page.waitForURL((url) => !url.pathname.startsWith('/portal/sign-in'));
}

/** The serious and critical findings of axe on the page as it stands, each in one line. */
export async function axeFindings(page: Page): Promise<string[]> {
  return await findings(page, {});
}

/** The same, light and dark without loading it again: what changes with the theme is colours alone. */
export async function axeFindingsInBothThemes(page: Page): Promise<string[]> {
  const light = await findings(page, {});
  await inTheme(page, 'dark');
  const dark = await findings(page, { runOnly: ['color-contrast'] });
  await inTheme(page, 'light');
  return [...light, ...dark.map((finding) => `dark, ${finding}`)];
}

async function inTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
  // An inherited colour changes level by level, a frame each: two frames without a change are the end.
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let still = 0; still < 2; still = document.getAnimations().length === 0 ? still + 1 : 0)
      await frame();
  });
}

async function findings(page: Page, options: axe.RunOptions): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (run) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
        resultTypes: ['violations'],
        ...run,
      }),
    options,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    );
}
