import {
  openBrowser,
  PASSWORDS,
  startSystem,
  type System,
  type Username,
} from '@countersign/testing';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

/** What a person does with the portal: type, click, press keys, read. */

const SET = 'rsa2048-rotation-restart';
/** Reads of the audit log that the set's CA refused. */
const DENIALS = 9;

let system: System;
let browser: Browser | null = null;
let missing: string | null = null;
let page: Page;

beforeAll(async () => {
  ({ browser, missing } = await openBrowser());
  if (browser === null) return;
  system = await startSystem({ portal: true });
  const imported = await system.importDogtag(SET);
  if (imported.code !== 0) throw new Error(`the import failed: ${imported.stderr}`);
});
afterAll(async () => {
  await browser?.close();
  if (browser !== null) await system.close();
});
beforeEach(async (context) => {
  if (browser === null) {
    context.skip(missing ?? 'no browser');
    return;
  }
  const own = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await own.newPage();
  page.setDefaultTimeout(20_000);
});
afterEach(async () => {
  if (browser !== null) await page.context().close();
});

async function signIn(username: Username, path: string): Promise<void> {
  await page.goto(system.url + path);
  await page.getByRole('textbox', { name: 'Name' }).fill(username);
  await page.locator('input[name=password]').fill(PASSWORDS[username]);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.startsWith('/portal/sign-in'));
}

const rows = () => page.getByRole('region', { name: 'Records' }).locator('tr[data-row]');

/** What axe finds that keeps people out. */
async function seriousFaults(): Promise<string[]> {
  // Put in by the debugger: the page's own policy lets no foreign script in, and should not.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Indexes of the records a query finds, asked of the API. */
async function indexesOf(query: string): Promise<number[]> {
  const auditor = await system.as('auditor');
  const parameters = new URLSearchParams({ query });
  const { records } = await auditor.json<{ records: { index: number }[] }>(
    `/api/v1/audit/records?${parameters.toString()}`,
  );
  return records.map(({ index }) => index);
}

async function search(query: string): Promise<void> {
  await page.keyboard.press('/');
  const bar = page.getByRole('combobox', { name: 'Query' });
  await bar.fill(query);
  await bar.press('Enter');
}

test('an auditor signs in, searches, opens a record, and the browser verifies its proof', async () => {
  await signIn('auditor', '/portal/audit');
  await rows().first().waitFor();
  await search(
    `Resource -eq "certServer.log.content.signedAudit" AND Outcome -eq "Failure" AND Producer -eq "${SET}"`,
  );
  await expect.poll(() => rows().count()).toBe(DENIALS);
  await expect(rows().first().textContent()).resolves.toContain('caadmin');
  expect(new URL(page.url()).searchParams.size).toBeGreaterThan(0);

  await rows()
    .first()
    .getByRole('link', { name: /Open record/ })
    .click();
  await page.locator('[data-testid=proof][data-verdict=verified]').waitFor();
  await page.getByTestId('proof').getByRole('button').first().click();
  const steps = page.getByTestId('proof').locator('[data-step]');
  expect(
    await steps.evaluateAll((items) => items.map((item) => item.getAttribute('data-verdict'))),
  ).toEqual(Array.from({ length: 5 }, () => 'passed'));
  expect(await seriousFaults()).toEqual([]);
});

test('a server that shows another content than was logged is caught by the browser', async () => {
  await page.route('**/api/v1/audit/records/*', async (route) => {
    const response = await route.fetch();
    const record = (await response.json()) as { contentBytes: string };
    const content = Buffer.from(record.contentBytes, 'base64')
      .toString()
      .replaceAll('caadmin', 'somebody');
    await route.fulfill({
      response,
      json: { ...record, contentBytes: Buffer.from(content).toString('base64') },
    });
  });
  await signIn('auditor', '/portal/audit?q=caadmin');
  const [index] = await indexesOf('ActingUser -eq "caadmin"');
  await page.goto(`${system.url}/portal/audit/${index}`);
  await page.locator('[data-testid=proof][data-verdict=failed]').waitFor();
  await expect(page.locator('[data-step=content]').getAttribute('data-verdict')).resolves.toBe(
    'failed',
  );
});

test('the keyboard alone goes through the records', async () => {
  await signIn('auditor', '/portal/audit');
  await rows().first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=proof][data-verdict=verified]').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('proof').waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/portal/audit');
});

test('an administrator is denied the log, and the auditor finds that denial', async () => {
  await signIn('admin', '/portal/audit');
  const denial = page.getByTestId('access-denied');
  await denial.waitFor();
  const said = (await denial.textContent()) ?? '';
  expect(said).toContain('/portal/audit');
  expect(await seriousFaults()).toEqual([]);
  const index = /as record (\d+) of the audit log/.exec(said)?.[1];
  expect(index).toBeDefined();

  await page.context().clearCookies();
  await signIn('auditor', `/portal/audit/${index}`);
  await page.getByText('/portal/audit', { exact: false }).first().waitFor();
  const auditor = await system.as('auditor');
  const record = await auditor.json<{ envelope: unknown; content: unknown }>(
    `/api/v1/audit/records/${index}`,
  );
  expect(record).toMatchObject({
    envelope: {
      event: 'AUTHZ',
      category: 'AuthorizationFailure',
      level: 'Warning',
      outcome: 'Failure',
    },
    content: {
      actor: { id: 'admin' },
      request: { route: '/portal/audit', type: 'Portal Page', verb: 'GET' },
    },
  });
});
