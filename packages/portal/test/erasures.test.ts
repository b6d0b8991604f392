import { openBrowser, PASSWORDS, startSystem, type System } from '@countersign/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { axeFindings, fillSignIn, openWindow, signInTo } from './visitor.ts';

let system: System;
let browser: Browser | null;
let missing: string | null;

const ANNA = 'anna has a long password';

beforeAll(async () => {
  ({ browser, missing } = await openBrowser());
  if (browser === null) return;
  system = await startSystem({ portal: true });
  const admin = await system.as('admin');
  const made = await admin.send('POST', '/api/v1/security/identities', {
    username: 'anna',
    name: 'Anna Auditor',
    roles: ['Auditor'],
    password: ANNA,
  });
  if (made.status !== 201) throw new Error(await made.text());
});

afterAll(async () => {
  await browser?.close();
  if (browser !== null) await system.close();
});

/** Somebody types a secret where the user name belongs; the number of the record that keeps it. */
async function mishap(typed: string): Promise<number> {
  const before = system.server.log.size;
  await system.anonymous().signIn(typed, 'x');
  await system.server.platform.recorder.idle();
  for await (const batch of system.server.log.reader.readRange(before, system.server.log.size)) {
    const found = batch.find(({ envelope }) => envelope.event === 'AUTH');
    if (found !== undefined) return found.index;
  }
  throw new Error('nothing was recorded');
}

/** A window of a second auditor. */
async function windowOfAnna(context: TestContext, path: string): Promise<Page> {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  const { page } = await openWindow(browser, system);
  await page.goto(path);
  await fillSignIn(page, 'anna', ANNA);
  await page.waitForURL((url) => !url.pathname.startsWith('/portal/sign-in'));
  return page;
}

/** Asks for the erasing of the record that is open. */
async function ask(page: Page, index: number): Promise<void> {
  await page.getByRole('button', { name: 'Erase content…' }).click();
  const dialog = page.getByRole('dialog', { name: `Erase the content of record ${index}` });
  await dialog.getByText('another auditor decides', { exact: false }).waitFor();
  expect(await dialog.innerText()).toMatch(/Stays\s+The envelope[\s\S]+Goes\s+The content/);
  expect(await dialog.getByRole('button', { name: 'Ask for the erasing' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Legal basis').fill('GDPR Art. 17(1)(d): unlawfully processed');
  await dialog.getByLabel('Reason').fill('typed into the wrong field');
  expect(await axeFindings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Ask for the erasing' }).click();
  await page
    .getByText('Nothing is erased before another auditor approves', { exact: false })
    .waitFor();
}

test('a content is asked for by one auditor, approved by another, and gone; the log verifies', async (context) => {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  const index = await mishap('aurelia-1994-geheim');
  const first = await openWindow(browser, system);
  await signInTo(first.page, `/portal/audit/${index}`, 'auditor');
  await first.page.getByText('aurelia-1994-geheim').first().waitFor();
  await ask(first.page, index);

  // Whoever asked can only take it back.
  await first.page.getByRole('link', { name: 'Erasures' }).last().click();
  const mine = first.page.getByRole('table', { name: 'Waiting for a decision' });
  await mine.getByRole('button', { name: `Withdraw the erasing of record ${index}` }).waitFor();
  expect(await mine.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
  expect(await axeFindings(first.page)).toEqual([]);

  const second = await windowOfAnna(context, '/portal/erasures');
  const waiting = second.getByRole('table', { name: 'Waiting for a decision' });
  expect(await waiting.innerText()).toContain('typed into the wrong field');
  await waiting.getByRole('button', { name: `Approve the erasing of record ${index}` }).click();
  const dialog = second.getByRole('dialog', { name: `Erase the content of record ${index}?` });
  expect(await dialog.innerText()).toContain('This cannot be undone.');
  await dialog.getByRole('button', { name: `Erase the content of record ${index}` }).click();
  await second.getByText('Nothing waits for a decision.').waitFor();
  const decided = second.getByRole('table', { name: 'Decided' });
  expect(await decided.innerText()).toMatch(/auditor[\s\S]+by anna[\s\S]+Erased/);

  // The record shows it to everybody, and no search finds it by what it said.
  await first.page.goto(`/portal/audit/${index}`);
  await first.page.getByText('The content was erased. What follows', { exact: false }).waitFor();
  await first.page
    .getByTestId('proof')
    .getByText('Place in the log verified; content erased')
    .waitFor();
  expect(await first.page.content()).not.toContain('aurelia-1994-geheim');
  expect(await first.page.getByRole('button', { name: 'Erase content…' }).count()).toBe(0);
  await first.page.goto('/portal/audit?q=Event -eq "AUTH" AND aurelia');
  await first.page.getByRole('heading', { name: 'No record matches' }).waitFor();

  await first.page.goto('/portal/health');
  await first.page.getByRole('button', { name: /^Verify now/ }).click();
  await first.page
    .getByText('Every record is as it was signed; 1 contents were erased, with record.')
    .first()
    .waitFor();
  expect(first.complaints).toEqual([]);
});

test('a content that another auditor denies stays, and the reason is there for all', async (context) => {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  const index = await mishap('barbara-1961-geheim');
  const { page } = await openWindow(browser, system);
  await signInTo(page, `/portal/audit/${index}`, 'auditor');
  await ask(page, index);
  const second = await windowOfAnna(context, '/portal/erasures');
  await second.getByRole('button', { name: `Deny the erasing of record ${index}` }).click();
  const dialog = second.getByRole('dialog', { name: `Deny the erasing of record ${index}` });
  await dialog.getByLabel('Reason').fill('a court case needs it');
  await dialog.getByRole('button', { name: 'Deny' }).click();
  await second.getByText('a court case needs it').waitFor();
  await second.getByText('Nothing waits for a decision.').waitFor();
  await page.goto(`/portal/audit/${index}`);
  await page.getByTestId('proof').getByText('Verified in this browser').waitFor();
  expect(await page.locator('article').innerText()).toContain('barbara-1961-geheim');
});

test('an administrator is not offered it, and is denied the page', async (context) => {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  const { page } = await openWindow(browser, system);
  await page.goto('/portal/erasures');
  await fillSignIn(page, 'admin', PASSWORDS.admin);
  await page.getByRole('heading', { name: 'Access denied' }).waitFor();
  expect(await page.locator('main').innerText()).toContain('certServer.log.content.signedAudit');
});
