import {
  openBrowser,
  PASSWORDS,
  startSystem,
  type System,
  type Username,
} from '@countersign/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

/** What a person does with the portal: type, click, press keys, read. */

const SET = 'rsa2048-rotation-restart';

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
  await expect.poll(() => rows().count()).toBe(1);
  await expect(rows().first().textContent()).resolves.toContain('caadmin');
  expect(new URL(page.url()).searchParams.size).toBeGreaterThan(0);

  await rows()
    .first()
    .getByRole('link', { name: /Open record/ })
    .click();
  const proof = page.getByTestId('proof-badge');
  await proof.waitFor();
  await page.getByTestId('proof-badge').and(page.locator('[data-state=verified]')).waitFor();
});

test('an administrator is denied the log, and the auditor finds that denial', async () => {
  await signIn('admin', '/portal/audit');
  const denial = page.getByTestId('access-denied');
  await denial.waitFor();
  const said = (await denial.textContent()) ?? '';
  expect(said).toContain('/portal/audit');
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
