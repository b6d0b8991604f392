import { openBrowser, startSystem, type System, type SystemClient } from '@countersign/testing';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { axeFindingsInBothThemes, fillSignIn, openWindow, signInTo } from './visitor.ts';

let system: System;
let browser: Browser | null;
let missing: string | null;
let operator: SystemClient;
let rita: SystemClient;

const PASSWORD = 'a long password of tests';

beforeAll(async () => {
  ({ browser, missing } = await openBrowser());
  if (browser === null) return;
  system = await startSystem({ portal: true });
  const admin = await system.as('admin');
  await send(admin, 'POST', '/api/v1/security/roles', {
    name: 'Web Team',
    description: 'Webmasters',
    permissions: [],
  });
  for (const [username, role] of [
    ['operator', 'CA Operations'],
    ['rita', 'RA'],
    ['wanda', 'Web Team'],
  ] as const) {
    await send(admin, 'POST', '/api/v1/security/identities', {
      username,
      name: username,
      roles: [role],
      password: PASSWORD,
    });
  }
  operator = await client('operator');
  rita = await client('rita');
});

afterAll(async () => {
  await browser?.close();
  if (browser !== null) await system.close();
});

async function client(username: string): Promise<SystemClient> {
  const someone = system.anonymous();
  await (await someone.signIn(username, PASSWORD)).arrayBuffer();
  return someone;
}

/** Asks the API, and fails with what it says where that is no success. */
async function send<T>(who: SystemClient, method: string, path: string, body: unknown): Promise<T> {
  const response = await who.send(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? null : JSON.parse(text)) as T;
}

interface Enrolled {
  readonly request: number;
  readonly certificate: { readonly id: number; readonly fingerprint: string } | null;
}

/** Enrolls without a browser; the number of the certificate. */
async function enrolled(commonName: string): Promise<number> {
  const body = { template: 'WebServer', subject: `CN=${commonName}` };
  const { certificate } = await send<Enrolled>(operator, 'POST', '/api/v1/enrollment/pfx', body);
  return certificate?.id ?? 0;
}

/** A window of somebody, at a page. */
async function windowOf(context: TestContext, path: string, username: string, width = 1440) {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  const visitor = await openWindow(browser, system, { width, height: 844 });
  await visitor.page.goto(path);
  await fillSignIn(visitor.page, username, PASSWORD);
  await visitor.page.waitForURL((url) => !url.pathname.startsWith('/portal/sign-in'));
  return visitor;
}

/** The row of a table that begins with a name. */
function row(page: Page, table: string, name: string) {
  return page
    .getByRole('table', { name: table })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name }) });
}

describe('an operator', () => {
  test('enrolls, has the password once, finds the certificate and revokes it', async (context) => {
    const { page, complaints } = await windowOf(
      context,
      '/portal/enroll?template=WebServer',
      'operator',
    );
    const policy = page.getByRole('complementary', { name: 'Policy of Web Server' });
    expect(await policy.innerText()).toContain('365 days');
    await page.getByLabel('Common name').fill('shop.example.com');
    await page.getByLabel('Organization', { exact: true }).fill('Example, Inc.');
    expect(await page.getByLabel('Subject as it is written').innerText()).toBe(
      String.raw`CN=shop.example.com,O=Example\, Inc.`,
    );
    await page.getByLabel('Alternative names').fill('www.shop.example.com\n10.0.0.7');
    await page.getByRole('button', { name: 'Enroll' }).click();
    await page.getByRole('heading', { name: 'shop.example.com is issued' }).waitFor();
    const password = await page.getByLabel('Password of the file').innerText();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save shop.example.com.pfx' }).click(),
    ]);
    expect(readFileSync(await file.path())[0]).toBe(0x30);
    await page.getByRole('link', { name: 'Open the certificate' }).click();
    await page.getByRole('heading', { name: 'shop.example.com', exact: true }).waitFor();
    expect(await page.content()).not.toContain(password);
    expect(await page.getByRole('list', { name: 'Alternative names' }).innerText()).toContain(
      '10.0.0.7',
    );

    await page.getByRole('link', { name: 'Search' }).first().click();
    const query = page.getByRole('combobox', { name: 'Query' });
    await query.fill('Sann -eq 1');
    await query.press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('did you mean SAN?');
    await query.fill('SAN -eq "www.shop.example.com"');
    await query.press('Enter');
    await page.getByText('1 certificate', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('SAN -eq "www.shop.example.com"');

    await page.getByRole('checkbox', { name: 'Choose shop.example.com' }).check();
    await page.getByRole('button', { name: 'Revoke…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This cannot be undone.').waitFor();
    const revoke = dialog.getByRole('button', { name: 'Revoke shop.example.com' });
    expect(await revoke.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').selectOption({ label: 'Key compromise' });
    await dialog.getByLabel('Comment').fill('the server was broken into');
    await revoke.click();
    await dialog.waitFor({ state: 'detached' });
    await row(page, 'Certificates', 'shop.example.com').getByText('Revoked').waitFor();
    await page.getByRole('link', { name: 'shop.example.com' }).click();
    await page.getByText('“the server was broken into”', { exact: false }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Revoke…' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('enrolls by a CSR that is read before it is sent', async (context) => {
    const { csr } = await send<{ csr: string }>(operator, 'POST', '/api/v1/csrs', {
      subject: 'CN=csr.example.com',
      sans: [{ type: 'dns', value: 'csr.example.com' }],
      keyAlgorithm: 'P-256',
    });
    const { page } = await windowOf(
      context,
      '/portal/enroll?template=WebServer&way=csr',
      'operator',
    );
    const field = page.getByLabel('CSR', { exact: true });
    await field.fill(csr.replace('MII', 'MIJ'));
    await page.locator('[aria-invalid="true"]').first().waitFor();
    await field.fill(csr);
    const preview = page.getByLabel('What the CSR says');
    await preview.waitFor();
    expect(await preview.innerText()).toContain('dns:csr.example.com');
    await page.getByRole('button', { name: 'Enroll' }).click();
    await page.getByRole('heading', { name: 'csr.example.com is issued' }).waitFor();
    expect(await page.getByRole('button', { name: /\.pfx$/ }).count()).toBe(0);
  });

  test('approves one request and denies another, and whoever asked has the key', async (context) => {
    const ask = async (commonName: string) => {
      const body = { template: 'WebServerApproved', subject: `CN=${commonName}` };
      return await send<Enrolled>(rita, 'POST', '/api/v1/enrollment/pfx', body);
    };
    const good = await ask('*.good.example.com');
    const bad = await ask('*.bad.example.com');
    const { page } = await windowOf(context, '/portal/', 'operator');
    await page.getByRole('link', { name: '2 Pending requests' }).click();
    await page.getByRole('button', { name: `Deny request ${bad.request}` }).click();
    const deny = page.getByRole('dialog').getByRole('button', { name: /^Deny/ });
    expect(await deny.isDisabled()).toBe(true);
    await page.getByRole('dialog').getByLabel('Comment').fill('no change number');
    await deny.click();
    await row(page, 'Requests', 'CN=*.bad').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: `Approve request ${good.request}` }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Approve/ })
      .click();
    await page.getByText('Nothing waits for approval').waitFor();

    const asker = await windowOf(context, `/portal/requests/${bad.request}`, 'rita');
    await asker.page.getByText('no change number').waitFor();
    await asker.page.goto(`/portal/requests/${good.request}`);
    await asker.page.getByRole('button', { name: 'Collect with the key…' }).click();
    await asker.page.getByRole('dialog').getByRole('button', { name: 'Collect' }).click();
    await asker.page.getByLabel('Password of the file').waitFor();
  });
});

describe('rights', () => {
  test('on one collection show its certificates and no others', async (context) => {
    const own = await enrolled('one.web.example.com');
    const other = await enrolled('other.example.com');
    const admin = await system.as('admin');
    const { id } = await send<{ id: number }>(admin, 'POST', '/api/v1/collections', {
      name: 'Of the web team',
      description: '',
      query: 'CN -endswith ".web.example.com"',
      onDashboard: true,
    });
    const manager = await openWindow(browserFor(context), system);
    await signInTo(manager.page, `/portal/collections/${id}`, 'admin');
    await manager.page.getByRole('checkbox', { name: 'Revoke: Web Team' }).check();
    expect(await manager.page.getByRole('checkbox', { name: 'See: Web Team' }).isChecked()).toBe(
      true,
    );
    await manager.page.getByRole('button', { name: 'Save rights' }).click();
    await manager.page
      .getByRole('region', { name: 'Not saved yet' })
      .waitFor({ state: 'detached' });

    const { page } = await windowOf(context, '/portal/certificates', 'wanda');
    await page.getByText('1 certificate', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'one.web.example.com' }).click();
    await page.waitForURL(`**/portal/certificates/${own}`);
    await page.getByRole('button', { name: 'Revoke…' }).waitFor();
    expect(await page.getByRole('button', { name: 'Edit metadata' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Download with key…' }).count()).toBe(0);
    await page.goto(`/portal/certificates/${other}`);
    await page.getByRole('heading', { name: 'Access denied' }).waitFor();
  });
});

describe('an auditor', () => {
  test('goes from a record to its certificate and back by the timeline', async (context) => {
    const id = await enrolled('audited.example.com');
    const { page } = await openWindow(browserFor(context), system);
    const query = 'Event -eq "CERT_REQUEST_PROCESSED" AND "audited.example.com"';
    await signInTo(page, `/portal/audit?q=${encodeURIComponent(query)}`, 'auditor');
    await page.locator('tr[data-row="0"] td').nth(1).click();
    await page.getByRole('button', { name: 'Open the certificate' }).click();
    await page.waitForURL(`**/portal/certificates/${id}`);
    const timeline = page.getByRole('list', { name: 'Timeline' });
    await timeline
      .getByRole('link', { name: /^Record \d+$/ })
      .first()
      .click();
    await page.getByTestId('proof').getByText('Verified in this browser').waitFor();
    expect(await page.getByRole('article').innerText()).toContain('audited.example.com');
  });
});

/** The browser, or the test is skipped with the reason why there is none. */
function browserFor(context: TestContext): Browser {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  return browser;
}

describe('the pages of certificates', () => {
  test.for([1440, 390])(
    'meet no serious barrier and fit, light and dark at %i',
    async (width, context) => {
      const chromium = browserFor(context);
      const long = `${'a-rather-long-label.'.repeat(2)}example.com`;
      const id = await enrolled(long);
      const { request } = await send<Enrolled>(rita, 'POST', '/api/v1/enrollment/pfx', {
        template: 'WebServerApproved',
        subject: `CN=${long}`,
      });
      const found: Record<string, unknown> = {};
      const look = async (page: Page, name: string) => {
        const findings = await axeFindingsInBothThemes(page);
        if (findings.length > 0) found[name] = findings;
        const wider = await page.evaluate(() =>
          [document.documentElement, document.querySelector('main')]
            .map((box) => (box === null ? 0 : box.scrollWidth - box.clientWidth))
            .some((more) => more > 0),
        );
        if (wider) found[`${name}, wider than the window`] = true;
      };
      const walk = async (page: Page, steps: readonly (string | [string, RegExp])[]) => {
        for (const step of steps) {
          const [path, button] = typeof step === 'string' ? [step, null] : step;
          await page.goto(`/portal/${path}`);
          await page.getByRole('heading', { level: 1 }).waitFor();
          await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
          if (button !== null) {
            await page.getByRole('button', { name: button }).first().click();
            await page.getByRole('dialog').getByRole('button').last().waitFor();
          }
          await look(page, button === null ? path : `${path}, ${button.source}`);
        }
      };
      const { page: own } = await windowOf(context, '/portal/', 'operator', width);
      await walk(own, [
        '',
        'certificates',
        `certificates/${id}`,
        [`certificates/${id}`, /^Revoke/],
        [`certificates/${id}`, /^Add to stores/],
        'enroll',
        'enroll?way=csr',
        'requests',
        `requests/${request}`,
        'csrs',
        ['csrs', /^Make a CSR/],
        'import',
        'stores',
        ['stores', /^Set up a store/],
        'stores?tab=types',
        'store-jobs',
      ]);
      await own.goto('/portal/certificates');
      await own
        .getByRole('checkbox', { name: `Choose ${long}` })
        .first()
        .check();
      await look(own, 'certificates, chosen');

      const { page: admin } = await openWindow(chromium, system, { width, height: 844 });
      await signInTo(admin, '/portal/', 'admin');
      await walk(admin, [
        'templates',
        'templates/WebServer',
        'authorities',
        ['authorities', /^Create/],
        'collections',
        'metadata',
        ['metadata', /^Create/],
        'alerts',
        ['alerts', /^Create/],
        'settings',
      ]);
      expect(found).toEqual({});
    },
  );
});
