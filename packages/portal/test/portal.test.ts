import { openBrowser, PASSWORDS, startSystem, type System } from '@countersign/testing';
import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { axeFindingsInBothThemes, fillSignIn, openWindow, signInTo } from './visitor.ts';

let system: System;
let browser: Browser | null;
let missing: string | null;

beforeAll(async () => {
  const opened = await openBrowser();
  ({ browser, missing } = opened);
  if (browser === null) return;
  system = await startSystem({ portal: true });
  const result = await system.importDogtag('rsa2048-rotation-restart');
  if (result.code !== 0) throw new Error(`the import failed: ${result.stderr}`);
});

afterAll(async () => {
  await browser?.close();
  if (browser !== null) await system.close();
});

/** The browser, or the test is skipped with the reason why there is none. */
function browserFor(context: TestContext): Browser {
  if (browser === null) return context.skip(missing ?? 'there is no browser');
  return browser;
}

const DENIED_READ = 'Resource -eq "certServer.log.content.signedAudit" AND Outcome -eq "Failure"';

describe('an auditor', () => {
  test('signs in, searches, opens a record and sees it verified', async (context) => {
    const { page, complaints } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.getByText('Your searches are recorded.').waitFor();

    await page.getByRole('combobox', { name: 'Query' }).fill(DENIED_READ);
    await page.keyboard.press('Enter');
    const row = page.locator('tr[data-row="0"]');
    await row.waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe(DENIED_READ);
    await row.locator('td').nth(1).click();

    const drawer = page.getByRole('dialog', { name: /^Record \d+$/ });
    await drawer.getByText('Verified in this browser').waitFor();
    await drawer.getByTestId('proof').getByRole('button').first().click();
    const steps = drawer.locator('[data-step]');
    expect(await steps.evaluateAll((all) => all.map((s) => s.getAttribute('data-step')))).toEqual([
      'content',
      'leaf',
      'inclusion',
      'root',
      'key',
    ]);
    expect(
      await steps.evaluateAll((all) =>
        all.every((s) => s.getAttribute('data-verdict') === 'passed'),
      ),
    ).toBe(true);
    expect(await drawer.getByText('certServer.log.content.signedAudit').first().isVisible()).toBe(
      true,
    );

    await drawer.getByRole('tab', { name: 'Raw' }).click();
    expect(await drawer.getByLabel('Dogtag line', { exact: true }).innerText()).toContain(
      '[aclResource=certServer.log.content.signedAudit]',
    );
    expect(page.url()).toMatch(/open=\d+.*tab=raw/);

    await page.reload();
    await page.getByTestId('proof').getByText('Verified in this browser').waitFor();
    expect(await page.getByRole('tab', { name: 'Raw' }).getAttribute('aria-selected')).toBe('true');
    expect(complaints).toEqual([]);
  });

  test('sees verification fail when an answer was tampered with on its way', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'auditor');
    await page.route('**/api/v1/audit/records/3', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { contentBytes: string };
      const content = Buffer.from(body.contentBytes, 'base64').toString('latin1');
      const tampered = content.replace(/"id":"[^"]/, '"id":"X');
      await route.fulfill({
        response,
        json: { ...body, contentBytes: Buffer.from(tampered, 'latin1').toString('base64') },
      });
    });
    await page.goto('/portal/audit/3');
    const proof = page.getByTestId('proof');
    await proof.getByText('Verification failed').waitFor();
    const verdict = (step: string) =>
      proof.locator(`[data-step="${step}"]`).getAttribute('data-verdict');
    expect(await verdict('content')).toBe('failed');
    expect(await verdict('inclusion')).toBe('passed');
    expect(await proof.innerText()).toContain('Do not rely on this record.');
  });

  test('is warned on every page when the key of the log changes', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'auditor');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const origin = (await system.verifierKey()).split('+')[0] ?? '';
    const { vkey } = parseSignerKey(generateSignerKey(origin)).verifier;
    await page.evaluate((other) => {
      const slot = `countersign.pin.${window.location.host}`;
      const pin = JSON.parse(localStorage.getItem(slot) ?? '{}') as { vkey: string };
      localStorage.setItem(slot, JSON.stringify({ ...pin, vkey: other }));
    }, vkey);
    await page.goto('/portal/catalogue');
    await page.getByText("The log's key has changed.").waitFor();
    await page.goto('/portal/audit/3');
    const proof = page.getByTestId('proof');
    await proof.getByText('Verification failed').waitFor();
    const key = proof.locator('[data-step="key"]');
    expect(await key.getAttribute('data-verdict')).toBe('failed');
    expect(await key.innerText()).toContain('Key the server names now');
  });

  test('filters by facet, takes the filter back, and finds it all in the address', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    const level = page.getByRole('region', { name: 'Level' });
    await level.getByRole('button', { name: /^Warning/ }).click();
    await page.getByRole('list', { name: 'Filters in force' }).waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('Level -eq "Warning"');
    await level.getByRole('button', { name: /^Warning/ }).click({ modifiers: ['Alt'] });
    await page.waitForURL((url) => url.searchParams.get('q') === 'Level -ne "Warning"');
    await page.getByRole('button', { name: 'Remove: Level is not Warning' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === null);
  });

  test('is told where a query is wrong, and nothing is asked', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/audit/records')) asked += 1;
    });
    const query = page.getByRole('combobox', { name: 'Query' });
    await query.fill('Levle -eq Warning');
    await query.press('Enter');
    const fault = page.getByRole('alert');
    expect(await fault.innerText()).toContain('did you mean Level?');
    expect(await query.getAttribute('aria-invalid')).toBe('true');
    expect(asked).toBe(0);
    await fault.getByRole('button', { name: 'Use Level' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'Level -eq Warning');
  });

  test('works by keyboard alone', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

    await page.keyboard.press('/');
    expect(await focused()).toBe('Query');
    await page.keyboard.type('Category -eq Auth');
    await page.getByRole('option', { name: 'Authentication', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.locator('tr[data-row="1"][data-cursor]').waitFor();
    await page.keyboard.press('k');
    await page.locator('tr[data-row="0"][data-cursor]').waitFor();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: /^Record/ });
    await drawer.getByText('Verified in this browser').waitFor();
    const first = await drawer.getAttribute('aria-label');
    await page.keyboard.press('j');
    await page.waitForFunction(
      (before) => document.querySelector('[role=dialog]')?.getAttribute('aria-label') !== before,
      first,
    );
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });

    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: /^Go to/ }).fill('3');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/audit/3');
    await page.getByTestId('proof').getByText('Verified in this browser').waitFor();
  });

  test('sees that records came meanwhile, and keeps the place until asking for them', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await page.clock.install();
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    const newest = await page.locator('tr[data-row="0"]').innerText();
    await page.waitForResponse('**/api/v1/audit/health');
    const result = await system.importDogtag('ec-p256');
    expect(result.code).toBe(0);
    await page.clock.fastForward(11_000);
    const fresh = page.getByRole('button', { name: /\d new in the log$/ });
    await fresh.waitFor();
    expect(await page.locator('tr[data-row="0"]').innerText()).toBe(newest);
    await fresh.click();
    await page.waitForFunction(
      (before) => document.querySelector<HTMLElement>('tr[data-row="0"]')?.innerText !== before,
      newest,
    );
  });

  test('sees what others did, with the reading of the log hidden and one click away', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    const reading = page.getByRole('button', { name: /^Reading of this log: hidden \(\d/ });
    await reading.waitFor();
    const numberIn = (text: string) => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
    const shown = async () => numberIn(await page.getByRole('status').first().innerText());
    const without = await shown();
    const hidden = numberIn(await reading.innerText());
    expect(hidden).toBeGreaterThan(0);
    const sentences = page.locator('tbody td:nth-child(4)');
    expect((await sentences.allInnerTexts()).join('\n')).not.toMatch(/searched|read record/);

    await reading.click();
    await page.waitForURL((url) => url.searchParams.get('reading') === 'shown');
    await page.getByRole('button', { name: 'Reading of this log: shown Hide' }).waitFor();
    await page.locator('tbody').getByText('searched the audit log').first().waitFor();
    expect(await shown()).toBeGreaterThanOrEqual(without + hidden);

    await page.goto(`/portal/audit?q=${encodeURIComponent('Event -eq "AUDIT_LOG_SEARCH"')}`);
    await page.getByText('Reading of this log: shown, as asked for').waitFor();
    await page.locator('tbody').getByText('searched the audit log').first().waitFor();
  });

  test('gets in a file what is shown, and nothing that is hidden', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    await page.getByRole('button', { name: 'Export' }).click();
    await page
      .getByText(/records, without reading of this log\. The export is recorded\./)
      .waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /NDJSON/ }).click(),
    ]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    const events = lines.map((line) => /"event":"(\w+)"/.exec(line)?.[1]);
    expect(events).toContain('AUTH');
    expect(events).not.toContain('AUDIT_LOG_SEARCH');
  });

  test('chooses the columns, which the address and this browser keep', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    const titles = async () =>
      (await page.locator('thead th').allInnerTexts()).map((t) => t.trim());
    expect(await titles()).toEqual([
      'Time (UTC)',
      'Level',
      'Category',
      'What happened',
      'Actor',
      'Target',
      'Seal',
    ]);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Event' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Target' }).click();
    await page.waitForURL(
      (url) => url.searchParams.get('columns') === 'time,level,category,message,actor,event,seal',
    );
    await page.goto('/portal/audit');
    await page.locator('tr[data-row="0"]').waitFor();
    expect(await titles()).toContain('Event');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('menuitem', { name: 'As many as fit' }).click();
    await page.getByRole('columnheader', { name: 'Target' }).waitFor();
    expect(await titles()).not.toContain('Event');
  });

  test('finds everything of an actor by the name in a sentence', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit?q=AUTH', 'auditor');
    await page.getByTitle('Only records of auditor').first().click();
    await page.waitForURL((url) =>
      (url.searchParams.get('q') ?? '').includes('ActingUser -eq "auditor"'),
    );
    const chip = page.getByRole('button', { name: 'Remove: Actor is auditor' });
    await chip.waitFor();
    expect(await page.getByRole('list', { name: 'Filters in force' }).innerText()).toContain(
      'auditor',
    );
  });

  test('goes through a search on the pages of its records, and back to it', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'auditor');
    await page.goto(`/portal/audit?q=${encodeURIComponent('Level -eq "Warning"')}&open=3`);
    await page.locator('tr[data-row="1"]').waitFor();
    const hrefs = page.locator('tbody td:first-child a');
    const [first, second] = await hrefs.evaluateAll((links) =>
      links.map((link) => /\/audit\/(\d+)/.exec(link.getAttribute('href') ?? '')?.[1]),
    );
    await page.goto((await hrefs.first().getAttribute('href')) ?? '');
    await page.getByRole('article', { name: `Record ${first}` }).waitFor();
    await page.keyboard.press('j');
    await page.getByRole('article', { name: `Record ${second}` }).waitFor();
    await page.getByRole('button', { name: 'Previous record in the search' }).click();
    await page.getByRole('article', { name: `Record ${first}` }).waitFor();
    await page.keyboard.press('k');
    await page.getByText('No further record.').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.searchParams.get('q') === 'Level -eq "Warning"');

    await page.goto('/portal/audit/7');
    await page.getByRole('button', { name: 'Next record in the log' }).click();
    await page.waitForURL('**/portal/audit/6');
    expect(await page.getByRole('article').getAttribute('aria-label')).toBe('Record 6');
  });

  test('has the whole log verified and reads the verdict in words', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/health', 'auditor');
    await page.getByTestId('verdict').getByText('The log is well').waitFor();
    await page.getByTestId('consistency').getByText('for the first time').waitFor();
    await page.getByRole('button', { name: 'Verify now' }).click();
    const verification = page.getByRole('region', { name: 'Verification' });
    await verification.getByText('Integrity').waitFor();
    expect(await verification.innerText()).toMatch(/Integrity\s+Verified/);
    await page.getByRole('button', { name: 'Read again' }).click();
    await page
      .getByTestId('consistency')
      .getByText(/begins with the|exactly the one/)
      .waitFor();
  });

  test('comes back to where they were when the session ends', async (context) => {
    const { page, context: browserContext } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/audit?q=AUTH', 'auditor');
    await page.locator('tr[data-row="0"]').waitFor();
    await browserContext.clearCookies();
    await page.getByRole('combobox', { name: 'Query' }).fill('AUTHZ');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/portal/sign-in**');
    await fillSignIn(page, 'auditor', PASSWORDS.auditor);
    await page.waitForURL('**/portal/audit?q=AUTHZ');
    await page.locator('tr[data-row="0"]').waitFor();
    expect(await page.getByRole('combobox', { name: 'Query' }).inputValue()).toBe('AUTHZ');
  });
});

describe('an administrator', () => {
  test('is denied the log, and an auditor finds that denial', async (context) => {
    const admin = await openWindow(browserFor(context), system);
    const refused: string[] = [];
    admin.page.on('response', (response) => {
      if (response.status() === 403) refused.push(new URL(response.url()).pathname);
    });
    await signInTo(admin.page, '/portal/audit', 'admin');
    await admin.page.getByRole('heading', { name: 'Access denied' }).waitFor();
    const told = await admin.page.locator('main').innerText();
    expect(told).toContain('/portal/audit');
    expect(told).toContain('read on certServer.log.content.signedAudit');
    const index = /recorded as record (\d+)/.exec(told)?.[1];
    expect(index).toBeDefined();
    expect(await admin.page.getByRole('navigation', { name: 'Pages' }).innerText()).not.toContain(
      'Health',
    );

    await admin.page.getByRole('link', { name: 'To the start' }).click();
    await admin.page.getByText('Who reads the audit log').waitFor();
    expect(refused).toEqual(['/portal/audit']);
    expect(admin.complaints).toEqual([]);

    const auditor = await openWindow(browserFor(context), system);
    await signInTo(auditor.page, `/portal/audit/${index}`, 'auditor');
    await auditor.page.getByText('Verified in this browser').waitFor();
    const record = await auditor.page.getByRole('article').innerText();
    expect(record).toContain('Authorization Failure');
    expect(record).toContain('Warning');
    expect(record).toMatch(/Request route\s+\/portal\/audit/);
    expect(record).toMatch(/Request type\s+Portal Page/);
    expect(record).toMatch(/HTTP verb\s+GET/);
    expect(record).toMatch(/User's roles\s+Administrator/);
  });

  test('is denied every page of the log, with the right it needs', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'admin');
    await page.getByRole('heading', { level: 1 }).waitFor();
    const answer = await page.goto('/portal/health');
    expect(answer?.status()).toBe(403);
    await page.getByRole('heading', { name: 'Access denied' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('certServer.log.status');
  });
});

describe('anyone', () => {
  test('changes the password, and is told what is wrong with it', async (context) => {
    const { page, complaints } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'admin');
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as object;
      await route.fulfill({ response, json: { ...body, passwordGenerated: true } });
    });
    await page.reload();
    const banner = page.getByRole('region', { name: 'Your password' });
    await banner.getByRole('button', { name: 'Change it' }).click();
    const dialog = page.getByRole('dialog', { name: 'Change password' });
    const fill = async (present: string, next: string, again = next) => {
      await dialog.getByLabel('Present password').fill(present);
      await dialog.getByLabel('New password', { exact: true }).fill(next);
      await dialog.getByLabel('New password again').fill(again);
    };
    const submit = dialog.getByRole('button', { name: 'Change password' });

    await fill(PASSWORDS.admin, 'a long new password', 'another');
    await dialog.getByText('This is not the same.').waitFor();
    expect(await submit.isDisabled()).toBe(true);
    await fill(PASSWORDS.admin, 'short');
    await submit.click();
    await dialog.getByText('Use 8 to 256 characters.').waitFor();
    await fill('not the password', 'a long new password');
    await submit.click();
    await dialog.getByText('This is not your present password.').waitFor();
    await fill(PASSWORDS.admin, PASSWORDS.admin);
    await page.unroute('**/api/v1/session');
    await submit.click();
    await dialog.getByText('Your password is changed.').waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await banner.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('is told alike of a wrong name and a wrong password, and goes nowhere else', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await page.goto('/portal/sign-in?next=https://elsewhere.example/');
    await page.getByText('Your attempt is recorded.').waitFor();
    await fillSignIn(page, 'nobody', 'wrong');
    await page.getByRole('alert').getByText('Name or password is wrong.').waitFor();
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    await fillSignIn(page, 'auditor', PASSWORDS.auditor);
    await page.waitForURL(`${system.url}/portal/`);
  });

  test('can use it all on a narrow screen', async (context) => {
    const { page } = await openWindow(browserFor(context), system, { width: 390, height: 844 });
    await signInTo(page, '/portal/audit', 'auditor');
    const cards = page.getByRole('list', { name: 'Records' });
    await cards.waitFor();
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: /^Filters/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Warning/ })
      .click();
    await page.getByRole('button', { name: 'Show the records' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'Level -eq "Warning"');
    await cards.getByRole('link').first().click();
    await page.waitForURL(/\/portal\/audit\/\d+\?q=/);
    await page.getByTestId('proof').getByText('Verified in this browser').waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);

    const name = `CN=${'x'.repeat(300)},O=${'Example '.repeat(40)}`;
    await page.route(/\/api\/v1\/audit\/records\?/, async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { records: Record<string, unknown>[] };
      const records = body.records.map((record) => ({ ...record, sentence: `'${name}' came` }));
      await route.fulfill({ response, json: { ...body, records } });
    });
    await page.goto('/portal/audit');
    await cards.getByText(name).first().waitFor();
    expect(await overflow()).toBeLessThanOrEqual(0);
    const wider = await cards
      .locator('a')
      .evaluateAll((all) => all.filter((card) => card.scrollWidth > card.clientWidth).length);
    expect(wider).toBe(0);
  });

  test.each([1440, 390])('meets no serious barrier, light and dark at %i', async (width) => {
    if (browser === null) return;
    const narrow = width < 500;
    const { page } = await openWindow(browser, system, { width, height: 844 });
    const found: Record<string, string[]> = {};
    const look = async (name: string) => {
      const findings = await axeFindingsInBothThemes(page);
      if (findings.length > 0) found[name] = findings;
    };
    const verified = () =>
      page.getByTestId('proof').getByText('Verified in this browser').waitFor();
    await page.goto('/portal/sign-in');
    await page.getByLabel('Name').waitFor();
    await look('sign in');
    await fillSignIn(page, 'nobody', 'wrong');
    await page.getByRole('alert').waitFor();
    await look('sign in, refused');
    await signInTo(page, '/portal/audit', 'admin');
    await page.getByRole('heading', { name: 'Access denied' }).waitFor();
    await look('access denied');
    await page.context().clearCookies();
    await page.goto('/portal/sign-in');
    await signInTo(page, '/portal/', 'auditor');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look('start');
    await page.getByRole('button', { name: /^Auditor/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await look('menu of the user');
    await page.getByRole('menuitem', { name: /^Change password/ }).click();
    await page.getByRole('dialog', { name: 'Change password' }).waitFor();
    await look('change password');
    await page.goto('/portal/audit');
    await page.getByRole('button', { name: /^Reading of this log: hidden \(/ }).waitFor();
    await look('log');
    if (!narrow) {
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('menuitemcheckbox', { name: 'Event' }).waitFor();
      await look('columns');
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).waitFor();
      await look('keys');
    } else {
      await page.getByRole('button', { name: /^Filters/ }).click();
      await page.getByRole('dialog', { name: 'Filters' }).waitFor();
      await look('filters');
    }
    const query = encodeURIComponent('Level -ne "Failure"');
    await page.goto(`/portal/audit?q=${query}&open=3&proof=open`);
    await verified();
    await look('log with an open record and its proof');
    await page.goto('/portal/audit/3?reading=hidden&q=Level&proof=open');
    await verified();
    await look('record');
    for (const tab of ['change', 'related', 'raw']) {
      await page.goto(`/portal/audit/3?tab=${tab}`);
      await verified();
      await look(`record, ${tab}`);
    }
    await page.goto('/portal/health');
    await page.getByTestId('consistency').waitFor();
    await look('health');
    await page.goto('/portal/catalogue');
    await page.locator('summary').first().click();
    await look('catalogue');
    await page.goto('/portal/audit?q=Levle');
    await page.getByRole('combobox', { name: 'Query' }).fill('Levle -eq 1');
    await page.keyboard.press('Enter');
    await look('log with a faulty query');
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('dialog', { name: 'Time range' }).waitFor();
    await look('time range');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    await page.getByRole('listbox').waitFor();
    await look('command palette');
    expect(found).toEqual({});
  });
});
