import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, startSystem, temporaryFolder, type System } from '@countersign/testing';
import { IdentityProvider } from '@countersign/server/testing';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { axeFindings, openWindow, signInTo, type Visitor } from './visitor.ts';

let browser: Browser | null;
let missing: string | null;
let folder: { readonly path: string; remove(): Promise<void> };
let provider: IdentityProvider;
let system: System;

beforeAll(async () => {
  ({ browser, missing } = await openBrowser());
  if (browser === null) return;
  folder = await temporaryFolder('sign-in');
  provider = await IdentityProvider.start();
  const ca = join(folder.path, 'provider.pem');
  await writeFile(ca, provider.ca);
  system = await startSystem({
    portal: true,
    settings: {
      ...provider.settings,
      COUNTERSIGN_OIDC_NAME: 'Corp SSO',
      COUNTERSIGN_OIDC_CA: ca,
      COUNTERSIGN_HTTPS_PORT: '0',
    },
  });
  await provider.register(system.url, system.httpsUrl);
  const admin = await system.as('admin');
  const made = await admin.fetch('/api/v1/security/claims', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ role: 'Auditor', provider: 'Corp SSO', type: 'Group', value: 'audit' }),
  });
  if (made.status !== 201) throw new Error(`${made.status} ${await made.text()}`);
});

afterAll(async () => {
  await browser?.close();
  if (browser === null) return;
  await system.close();
  await provider.close();
  await folder.remove();
});

/** A window that takes the provider's certificate for good, or a skipped test where there is no browser. */
async function open(
  context: TestContext,
  more: Parameters<typeof openWindow>[2] = {},
): Promise<Visitor> {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  return await openWindow(browser, system, {
    ...more,
    context: { ignoreHTTPSErrors: true, ...more.context },
  });
}

describe('the identity provider', () => {
  test('signs somebody in who asked for a page, and out again', async (context) => {
    const { page, complaints } = await open(context);
    provider.person = {
      subject: 'ada',
      claims: { name: 'Ada Lovelace', preferred_username: 'ada', groups: ['audit'] },
    };
    await page.goto('/portal/audit?range=1h');
    await page.getByRole('link', { name: 'Sign in with Corp SSO' }).click();
    await page.waitForURL('**/portal/audit?range=1h');
    await page.getByText('Your searches are recorded.').waitFor();
    const cookies = await page.context().cookies(system.url);
    expect(cookies.find(({ name }) => name === 'countersign')).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    });

    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Ada Lovelace/ })
      .click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Yes, sign me out' }).click();
    await page.waitForURL('**/portal/sign-in');
    await page.goto('/portal/audit');
    await page.waitForURL('**/portal/sign-in?next=**');
    expect(complaints).toEqual([]);
  });

  test('signs in over HTTPS, too', async (context) => {
    const { page, complaints } = await open(context, { context: { baseURL: system.httpsUrl } });
    provider.person = {
      subject: 'ada',
      claims: { name: 'Ada Lovelace', preferred_username: 'ada', groups: ['audit'] },
    };
    await page.goto('/portal/audit');
    await page.getByRole('link', { name: 'Sign in with Corp SSO' }).click();
    await page.waitForURL(`${system.httpsUrl}/portal/audit`);
    await page.getByText('Your searches are recorded.').waitFor();
    const cookies = await page.context().cookies(system.httpsUrl);
    expect(cookies.map(({ name }) => name)).toContain('__Host-countersign');
    expect(complaints).toEqual([]);
  });

  test('leads somebody without a role back, with words', async (context) => {
    const { page } = await open(context);
    provider.person = { subject: 'eve', claims: { preferred_username: 'eve' } };
    await page.goto('/portal/audit');
    await page.getByRole('link', { name: 'Sign in with Corp SSO' }).click();
    await page.getByText('You have no role here.').waitFor();
    expect(new URL(page.url()).search).toBe('?failed=access_denied&next=%2Fportal%2Faudit');
    expect(await axeFindings(page)).toEqual([]);
  });

  test('whose answer is refused leaves the other ways', async (context) => {
    const { page } = await open(context);
    await page.goto('/portal/audit');
    const link = page.getByRole('link', { name: 'Sign in with Corp SSO' });
    const begin = new URL((await link.getAttribute('href')) ?? '', page.url());
    const left = await fetch(begin, { redirect: 'manual' });
    const callback = await provider.visit(left.headers.get('location') ?? '');
    // It was begun in another browser: this one is not let in.
    await page.goto(callback);
    await page.getByText('The identity provider did not sign you in.').waitFor();
    expect(new URL(page.url()).search).toBe('?failed=sign_in_failed');
    await signInTo(page, '/portal/audit', 'auditor');
    await page.getByText('Your searches are recorded.').waitFor();
  });
});

describe('a client certificate', () => {
  test('is no way in over plain HTTP', async (context) => {
    const { page } = await open(context);
    await page.goto('/portal/sign-in');
    await page.getByRole('link', { name: 'Sign in with Corp SSO' }).waitFor();
    expect(await page.getByRole('button', { name: 'Use a client certificate' }).count()).toBe(0);
  });

  test('that the browser does not show is said to be missing', async (context) => {
    const { page } = await open(context, { context: { baseURL: system.httpsUrl } });
    await page.goto('/portal/sign-in');
    await page.getByRole('button', { name: 'Use a client certificate' }).click();
    await page.getByText('The browser showed no certificate.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('opens the page that was asked for', async (context) => {
    if (browser === null) return context.skip(missing ?? 'there is no browser');
    const pem = await readFile(join(system.dataDir, 'keys', 'clients', 'auditor.pem'));
    const { page } = await open(context, {
      context: {
        baseURL: system.httpsUrl,
        clientCertificates: [{ origin: system.httpsUrl, cert: pem, key: pem }],
      },
    });
    await page.goto('/portal/sign-in?next=/portal/audit');
    await page.getByRole('button', { name: 'Use a client certificate' }).click();
    await page.waitForURL('**/portal/audit');
    await page.getByText('Your searches are recorded.').waitFor();
    // No cookie was needed for it.
    expect(await page.context().cookies(system.httpsUrl)).toEqual([]);
  });
});
