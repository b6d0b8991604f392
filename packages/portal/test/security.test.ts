import { openBrowser, startSystem, type System } from '@countersign/testing';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { axeFindingsInBothThemes, fillSignIn, openWindow, signInTo } from './visitor.ts';

let system: System;
let browser: Browser | null;
let missing: string | null;

beforeAll(async () => {
  ({ browser, missing } = await openBrowser());
  if (browser !== null) system = await startSystem({ portal: true });
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

/** A window of the administrator or the auditor, at a page. */
async function windowAt(context: TestContext, path: string, username: 'admin' | 'auditor') {
  const visitor = await openWindow(browserFor(context), system);
  await signInTo(visitor.page, path, username);
  return visitor;
}

/** The row of a table that begins with a name. */
function row(page: Page, table: string, name: string) {
  return page
    .getByRole('table', { name: table })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${name}`) }) });
}

/** Changes something as the administrator, without a browser. */
async function change(method: string, path: string, body: unknown): Promise<unknown> {
  const admin = await system.as('admin');
  const response = await admin.send(method, path, body);
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? null : (JSON.parse(text) as unknown);
}

describe('an administrator', () => {
  test('creates an identity, whose password is shown once and opens the door', async (context) => {
    const { page, complaints } = await windowAt(context, '/portal/security/identities', 'admin');
    await row(page, 'Identities', 'auditor').waitFor();
    await page.getByRole('button', { name: 'Create an identity' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an identity' });
    await dialog.getByLabel('User name').fill('J Doe');
    await dialog.getByLabel('Name', { exact: true }).fill('Jane Doe');
    await dialog.getByRole('checkbox', { name: /^RA/ }).check();
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('letters a to z', { exact: false }).waitFor();
    expect(await dialog.getByLabel('User name').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('User name').fill('jdoe');
    await page.keyboard.press('Enter');

    const done = page.getByRole('dialog', { name: 'jdoe is created' });
    const password = await done.getByLabel('Password', { exact: true }).innerText();
    expect(password).toMatch(/^\S{16,}$/);
    await page.keyboard.press('Escape');
    expect(await done.isVisible()).toBe(true);
    await done.getByRole('button', { name: 'I have it' }).click();
    await done.waitFor({ state: 'detached' });
    expect(await row(page, 'Identities', 'jdoe').innerText()).toMatch(/Jane Doe\s+RA/);
    expect(await page.content()).not.toContain(password);
    expect(complaints).toEqual([]);

    const jdoe = await openWindow(browserFor(context), system);
    await jdoe.page.goto('/portal/');
    await fillSignIn(jdoe.page, 'jdoe', password);
    await jdoe.page.getByRole('region', { name: 'Your password' }).waitFor();
  });

  test('is told that roles exclude each other, before and after trying', async (context) => {
    await change('POST', '/api/v1/security/identities', {
      username: 'rroe',
      name: 'Richard Roe',
      roles: ['RA'],
    });
    const { page } = await windowAt(context, '/portal/security/identities/rroe', 'admin');
    await page.getByRole('button', { name: 'Change roles' }).click();
    const dialog = page.getByRole('dialog', { name: 'Roles of rroe' });
    await dialog.getByRole('checkbox', { name: /^Auditor/ }).check();
    await dialog.getByText('is held alone, not together with RA').waitFor();
    await dialog.getByRole('button', { name: 'Save roles' }).click();
    await dialog.getByText('Nobody may hold Auditor together with RA').waitFor();
    await dialog.getByRole('checkbox', { name: /^Auditor/ }).uncheck();
    await dialog.getByRole('checkbox', { name: /^SSH Server Admin/ }).check();
    await dialog.getByRole('button', { name: 'Save roles' }).click();
    await dialog.waitFor({ state: 'detached' });
    const held = page.getByRole('list', { name: 'Roles held' });
    expect((await held.innerText()).split('\n')).toEqual(['RA', 'SSH Server Admin']);

    const auditor = await windowAt(
      context,
      `/portal/audit?q=${encodeURIComponent('Related -eq "rroe" AND Outcome -eq "Failure"')}`,
      'auditor',
    );
    await auditor.page.locator('tr[data-row="0"]').waitFor();
    expect(await auditor.page.locator('tbody tr').count()).toBe(1);
  });

  test('cannot change the own roles, and is not offered to', async (context) => {
    const { page } = await windowAt(context, '/portal/security/identities/admin', 'admin');
    await page.getByText('Nobody changes the roles they hold themselves.').waitFor();
    expect(await page.getByRole('button', { name: 'Change roles' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  });

  test('disables, enables and deletes an identity', async (context) => {
    await change('POST', '/api/v1/security/identities', {
      username: 'leaver',
      name: 'Somebody Leaving',
      roles: ['RA'],
    });
    const { page } = await windowAt(context, '/portal/security/identities/leaver', 'admin');
    const press = async (name: string) => {
      await page.getByRole('button', { name }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: name.replace('…', ''), exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await press('Disable leaver');
    await page.getByText('leaver is disabled and cannot sign in').waitFor();
    await press('Enable leaver');
    await page.getByText('leaver is disabled').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete leaver…' }).click();
    await page.getByText('This cannot be undone.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete leaver' }).click();
    await page.waitForURL('**/portal/security/identities');
    await row(page, 'Identities', 'auditor').waitFor();
    expect(await row(page, 'Identities', 'leaver').count()).toBe(0);
    await page.goto('/portal/security/identities/leaver');
    await page.getByText('leaver could not be read').waitFor();
  });

  test('issues a certificate to be had once, refuses what is none, and removes it', async (context) => {
    await change('POST', '/api/v1/security/identities', {
      username: 'holder',
      name: 'Certificate Holder',
      roles: ['RA'],
    });
    const { page } = await windowAt(context, '/portal/security/identities/holder', 'admin');
    await page.getByRole('button', { name: 'Enroll a certificate' }).click();
    const enroll = page.getByRole('dialog', { name: /^Enroll/ });
    await enroll.getByLabel('Certificate').fill('not a certificate');
    await enroll.getByRole('button', { name: 'Enroll' }).click();
    await enroll.getByText('Expected', { exact: false }).waitFor();
    expect(await enroll.getByLabel('Certificate').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await enroll.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Issue one' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Issue' }).click();
    const done = page.getByRole('dialog', { name: 'A certificate for holder' });
    const password = await done.getByLabel('Password of the file').innerText();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      done.getByRole('button', { name: 'Download holder.p12' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('holder.p12');
    expect(readFileSync(await file.path())[0]).toBe(0x30);
    await done.getByRole('button', { name: 'I have it' }).click();
    await done.waitFor({ state: 'detached' });
    const held = page.getByRole('table', { name: 'Certificates' });
    await held.getByText('CN=holder', { exact: false }).first().waitFor();
    expect(await page.content()).not.toContain(password);
    await held.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the certificate' }).click();
    await page.getByText('None. Enroll one that another authority issued').waitFor();
  });

  test('finds somebody among many, page by page', async (context) => {
    const admin = await system.as('admin');
    for (let n = 0; n < 55; n += 1) {
      const username = `many${String(n).padStart(2, '0')}`;
      const body = { username, name: `One of many ${n}`, roles: ['RA'] };
      await (await admin.send('POST', '/api/v1/security/identities', body)).arrayBuffer();
    }
    const { page } = await windowAt(context, '/portal/security/identities', 'admin');
    const rows = page.getByRole('table', { name: 'Identities' }).getByRole('rowheader');
    await rows.nth(49).waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    await rows.nth(50).waitFor();
    await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
    await page.getByLabel('Search identities').fill('nobody of these');
    await page.getByText('Nobody goes by these words').waitFor();
    await page.getByLabel('Search identities').fill('many3');
    await page.getByText('10 identities').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('many3');
  });

  test('grants a right to a role of their own, and sees which right it is', async (context) => {
    const { page } = await windowAt(context, '/portal/security/roles', 'admin');
    await page.getByRole('button', { name: 'Create a role' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create a role' });
    await dialog.getByLabel('Name', { exact: true }).fill('Auditor');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await dialog.getByText('is a role already', { exact: false }).waitFor();
    await dialog.getByLabel('Name', { exact: true }).fill('Clerk');
    await dialog.getByLabel('What it is for').fill('Looks things up for others');
    await dialog.getByRole('button', { name: 'Create' }).click();
    await page.waitForURL('**/portal/security/roles/Clerk');
    await page.getByText('Looks things up for others').waitFor();

    await page.getByLabel('Search rights').fill('auditing');
    const reserved = page.getByRole('checkbox', {
      name: 'read on certServer.log.content.signedAudit',
    });
    await reserved.waitFor();
    expect(await reserved.isDisabled()).toBe(true);
    await page.getByLabel('Search rights').fill('acl.configuration');
    const right = page.getByRole('checkbox', { name: 'read on certServer.acl.configuration' });
    await right.check();
    const bar = page.getByRole('region', { name: 'Not saved yet' });
    expect(await bar.innerText()).toContain('certServer.acl.configuration:read');
    await bar.getByRole('button', { name: 'Save rights' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.reload();
    await right.waitFor();
    expect(await right.isChecked()).toBe(true);
  });

  test('sees that built-in roles stay as they are, and what standing alone means', async (context) => {
    const { page } = await windowAt(context, '/portal/security/roles/CA%20Operations', 'admin');
    await page.getByText('Built in: it belongs to the product').waitFor();
    await page.getByText('Stands alone: nobody holds it together with another role').waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    await page.getByText('by access rule').first().waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
  });

  test('maps what an identity provider says to a role', async (context) => {
    const { page } = await windowAt(context, '/portal/security/claims', 'admin');
    await page.getByRole('button', { name: 'Add a claim' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a claim' });
    await dialog.getByLabel('Identity provider').fill('corporate');
    await dialog.getByLabel('Value').fill('CN=pki-ra,OU=Groups');
    await dialog.getByLabel('Role').selectOption('RA');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'detached' });
    const claim = row(page, 'Claims', 'CN=pki-ra');
    expect(await claim.innerText()).toContain('corporate');
    await claim.getByRole('button', { name: /^Edit/ }).click();
    const edit = page.getByRole('dialog', { name: 'Edit the claim to RA' });
    await edit.getByLabel('Description').fill('Everybody at the desk');
    await edit.getByRole('button', { name: 'Save' }).click();
    await claim.getByText('Everybody at the desk').waitFor();
    await claim.getByRole('button', { name: /^Remove/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the claim' }).click();
    await page.getByText('No claims yet').waitFor();
  });

  test('edits an access rule: shown where it is wrong, then what it changes, then saved', async (context) => {
    const resource = 'certServer.log.producers';
    const { page } = await windowAt(context, `/portal/security/access-rules/${resource}`, 'admin');
    const line = page.getByRole('textbox', { name: 'Rule' });
    await line.waitFor();
    const before = await line.inputValue();
    const faulty = before.replace('group="Administrators"', 'groop="Administrators"');
    await line.fill(faulty);
    await line.press('Enter');
    await page.getByRole('alert').getByText('groop', { exact: false }).waitFor();
    expect(await line.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('[data-fault] > div [data-fault]').innerText()).toBe('groop');

    const wider = before.replace('group="Administrators"', 'group="Administrators" || group="RA"');
    await line.fill(wider);
    await page.getByRole('button', { name: 'Review the change' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this change?' });
    const diff = dialog.getByRole('list', { name: 'What changes' });
    expect(await diff.locator('[data-sign="−"]').innerText()).not.toContain('group="RA"');
    expect(await diff.locator('[data-sign="+"]').innerText()).toContain('group="RA"');
    await dialog.getByRole('button', { name: 'Save the rule' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('groups Administrators or RA').waitFor();
    expect(await line.inputValue()).toBe(wider);

    await page.getByRole('link', { name: 'Access rules' }).first().click();
    expect(await row(page, 'Access rules', resource).innerText()).toContain('Changed');
    await page.goto(`/portal/security/access-rules/${resource}`);
    await page.getByRole('button', { name: "Reset to the product's" }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reset the rule' }).click();
    await page.getByText('As the product has it').waitFor();
    expect(await line.inputValue()).toBe(before);
  });

  test('imports access rules after seeing what they would change', async (context) => {
    const { page } = await windowAt(context, '/portal/security/access-rules', 'admin');
    await page.getByRole('button', { name: 'Import…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import access rules' });
    await dialog.getByLabel('Rules').fill('certServer.desk:read:permit (read) group="RA":Desk');
    await dialog.getByRole('button', { name: 'See what would change' }).click();
    await dialog.getByRole('list', { name: 'Faulty lines' }).waitFor();
    await dialog
      .getByLabel('Rules')
      .fill('resourceACLS: certServer.desk:read:allow (read) group="RA":The desk reads');
    await dialog.getByRole('button', { name: 'See what would change' }).click();
    const changes = page.getByRole('dialog', { name: 'What would change' });
    await changes.getByText('certServer.desk').first().waitFor();
    await changes.getByRole('button', { name: 'Apply 1 change' }).click();
    await changes.waitFor({ state: 'detached' });
    await row(page, 'Access rules', 'certServer.desk').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(
      'resourceACLS: certServer.desk:read:allow (read) group="RA":The desk reads\n',
    );
  });

  test('creates an application, whose secret is shown once and works', async (context) => {
    const { page } = await windowAt(context, '/portal/security/applications', 'admin');
    // The one that every installation begins with, disabled.
    await row(page, 'API applications', 'enrollment').getByText('Disabled').waitFor();
    await page.getByRole('button', { name: 'Create an application' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an application' });
    await dialog.getByLabel('Name').fill('reporting');
    await dialog.getByRole('checkbox', { name: /^RA/ }).check();
    await dialog.getByRole('button', { name: 'Create' }).click();
    const done = page.getByRole('dialog', { name: 'reporting is created' });
    const key = await done.getByLabel('Key', { exact: true }).innerText();
    const secret = await done.getByLabel('Secret', { exact: true }).innerText();
    await done.getByRole('button', { name: 'I have it' }).click();
    await done.waitFor({ state: 'detached' });
    await page.reload();
    await row(page, 'API applications', 'reporting').getByText(key).waitFor();
    expect(await page.content()).not.toContain(secret);

    const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
    const asked = () =>
      fetch(`${system.url}/api/v1/audit/catalogue`, { headers: { authorization } });
    expect((await asked()).status).toBe(200);
    await page.getByRole('button', { name: 'Actions for reporting' }).click();
    await page.getByRole('menuitem', { name: 'Disable…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable reporting' }).click();
    await row(page, 'API applications', 'reporting').getByText('Disabled').waitFor();
    expect((await asked()).status).toBe(401);
  });

  test('chooses which events are recorded, and is shown where a filter is wrong', async (context) => {
    const { page } = await windowAt(context, '/portal/audit-configuration', 'admin');
    await page.getByLabel('Search events').fill('CLIENT_ACCESS_SESSION');
    await page.getByRole('button', { name: 'Filter CLIENT_ACCESS_SESSION_ESTABLISH' }).click();
    const dialog = page.getByRole('dialog', { name: /^Filter of/ });
    const filter = dialog.getByRole('textbox', { name: 'Filter' });
    await filter.fill('(&(Outcome=Failure)(colour=red))');
    await filter.press('Enter');
    await dialog.getByRole('alert').getByText('Expected', { exact: false }).waitFor();
    expect(await dialog.locator('div [data-fault]').last().innerText()).toBe('colour');
    await dialog.getByRole('button', { name: '(Outcome=Failure)', exact: true }).click();
    await dialog.getByRole('button', { name: 'Use this filter' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByLabel('Recorded: CLIENT_ACCESS_SESSION_TERMINATED').uncheck();

    const bar = page.getByRole('region', { name: 'Not saved yet' });
    const told = await bar.innerText();
    expect(told).toContain('2 changes not saved');
    expect(told).toContain('CLIENT_ACCESS_SESSION_ESTABLISH: recorded where (Outcome=Failure)');
    expect(told).toContain('CLIENT_ACCESS_SESSION_TERMINATED: not recorded');
    await bar.getByRole('button', { name: 'Save the configuration' }).click();
    await bar.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('(Outcome=Failure)', { exact: true }).waitFor();
    await page.getByLabel('Search events').fill('AUTHZ');
    await page.getByText('Always', { exact: true }).waitFor();
    expect(await page.getByLabel('Recorded: AUTHZ').count()).toBe(0);
  });

  test('is told which setting of the signed files is faulty', async (context) => {
    const { page } = await windowAt(context, '/portal/audit-configuration', 'admin');
    const buffer = page.getByLabel(/^Buffer/);
    await buffer.fill('much');
    const bar = page.getByRole('region', { name: 'Not saved yet' });
    await bar.getByRole('button', { name: 'Save the configuration' }).click();
    await bar.getByText('A setting of the files is faulty.').waitFor();
    expect(await buffer.getAttribute('aria-invalid')).toBe('true');
    await bar.getByRole('button', { name: 'Discard' }).click();
    await bar.waitFor({ state: 'detached' });
    expect(await buffer.inputValue()).toMatch(/^\d+$/);
  });

  test('is denied the signed files, which only auditors have', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'admin');
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.getByRole('link', { name: 'Signed files' }).count()).toBe(0);
    const answer = await page.goto('/portal/audit-files');
    expect(answer?.status()).toBe(403);
    await page.getByRole('heading', { name: 'Access denied' }).waitFor();
    const told = await page.locator('main').innerText();
    expect(told).toContain('/portal/audit-files');
    expect(told).toContain('read on certServer.log.content.signedAudit');
  });
});

describe('an auditor', () => {
  test('finds what administrators changed, with before and after', async (context) => {
    await change('POST', '/api/v1/security/identities', {
      username: 'mmoe',
      name: 'Max Moe',
      roles: [],
    });
    await change('PUT', '/api/v1/security/identities/mmoe/roles', { roles: ['SSH Server Admin'] });
    const { page } = await windowAt(
      context,
      '/portal/security/roles/SSH%20Server%20Admin',
      'auditor',
    );
    await page.getByRole('link', { name: 'mmoe' }).waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Records about this role' }).click();
    await page.locator('tr[data-row="0"] td').nth(1).click();
    const drawer = page.getByRole('dialog', { name: /^Record \d+$/ });
    await drawer.getByText('Verified in this browser').waitFor();
    await drawer.getByRole('tab', { name: 'Change' }).click();
    await drawer.getByRole('cell', { name: '+ mmoe' }).waitFor();

    await page.goto('/portal/security/identities/mmoe');
    await page.getByRole('link', { name: 'Records about this identity' }).click();
    await page.locator('tbody').getByText('mmoe').first().waitFor();
  });

  test('downloads a signed audit file', async (context) => {
    const { page } = await windowAt(context, '/portal/audit-files', 'auditor');
    const current = row(page, 'Signed files', 'ca_audit').filter({ hasText: 'Current' });
    await current.waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      current.getByRole('link', { name: /^Download/ }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain('[AuditEvent=AUDIT_LOG_STARTUP]');
  });

  test('signs the access review off, which then says so for good', async (context) => {
    const { page } = await windowAt(context, '/portal/security/reviews', 'auditor');
    await page.getByRole('button', { name: /^Make the report of \d{4}-Q\d$/ }).click();
    await page.waitForURL(/\/portal\/security\/reviews\/\d{4}-Q\d$/);
    await page.getByRole('heading', { name: 'To look at' }).waitFor();
    await row(page, 'Identities', 'admin').waitFor();
    await page.getByRole('button', { name: 'Sign off…' }).click();
    const dialog = page.getByRole('dialog', { name: /^Sign off the review/ });
    await dialog.getByLabel('Comment').fill('Looked at all of it.');
    await dialog.getByRole('button', { name: /^Sign off \d{4}-Q\d$/ }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Looked at all of it.').waitFor();
    expect(await page.getByRole('button', { name: 'Sign off…' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Records about this review' }).click();
    await page.locator('tbody').getByText('signed off', { exact: false }).first().waitFor();
  });
});

describe('anyone', () => {
  test('makes an API token for some rights, uses it, and revokes it', async (context) => {
    const { page } = await openWindow(browserFor(context), system);
    await signInTo(page, '/portal/', 'admin');
    await page.getByRole('button', { name: /^Administrator/ }).click();
    await page.getByRole('menuitem', { name: 'API tokens' }).click();
    await page.waitForURL('**/portal/account/tokens');
    await page.getByRole('button', { name: 'Create a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Create an API token' });
    await dialog.getByLabel('Name').fill('nightly report');
    await dialog.getByRole('radio', { name: /^Some of my rights/ }).check();
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Search your rights').fill('log.configuration read');
    await dialog.getByRole('checkbox', { name: 'certServer.log.configuration:read' }).check();
    await dialog.getByRole('button', { name: 'Create' }).click();
    const done = page.getByRole('dialog', { name: 'nightly report is created' });
    const token = await done.getByLabel('Token', { exact: true }).innerText();
    expect(token).toMatch(/^cst_/);
    await done.getByRole('button', { name: 'I have it' }).click();
    expect(await row(page, 'Your API tokens', 'nightly report').innerText()).toContain(
      'certServer.log.configuration:read',
    );

    const asked = (path: string) =>
      fetch(`${system.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect((await asked('/api/v1/audit/catalogue')).status).toBe(200);
    expect((await asked('/api/v1/security/roles')).status).toBe(403);
    await page.getByRole('button', { name: 'Revoke nightly report' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke nightly report' }).click();
    await page.getByText('You have no tokens').waitFor();
    expect((await asked('/api/v1/audit/catalogue')).status).toBe(401);
  });
});

describe('every page', () => {
  let period = '';

  beforeAll(async () => {
    if (browser === null) return;
    const name = `Clerk ${'of a very long name '.repeat(2)}indeed`;
    await change('POST', '/api/v1/security/roles', {
      name,
      description: 'Looks things up for others, all day long and in every system there is',
      groups: ['RA Operators'],
      permissions: ['certServer.acl.configuration:read'],
    });
    await change('POST', '/api/v1/security/claims', {
      role: name,
      provider: 'corporate',
      type: 'Group',
      value: `CN=${'pki-clerks-'.repeat(8)},OU=Groups,DC=example,DC=com`,
    });
    await change('POST', '/api/v1/security/identities', {
      username: 'somebody.of.a.rather.long.user.name@example.com',
      name: 'Somebody',
      email: 'somebody.of.a.rather.long.user.name@example.com',
      roles: [name, 'RA', 'SSH Server Admin'],
    });
    await change('POST', '/api/v1/security/applications', {
      name: 'nightly-report-of-everything',
      description: 'Figures for everybody',
      roles: ['RA'],
    });
    await change('POST', '/api/v1/account/tokens', {
      name: 'laptop',
      days: 30,
      scopes: ['certServer.log.configuration:read'],
    });
    await change('PATCH', '/api/v1/audit/configuration', {
      events: { SESSION_TERMINATED: { filter: '(Outcome=Failure)' } },
    });
    const auditor = await system.as('auditor');
    const made = await auditor.send('POST', '/api/v1/security/reviews', {});
    const { reviews } = await auditor.json<{ reviews: { period: string }[] }>(
      '/api/v1/security/reviews',
    );
    await made.arrayBuffer();
    period = reviews[0]?.period ?? '';
    expect(period).toMatch(/^\d{4}-Q\d$/);
  });

  test.each([1440, 390])(
    'meets no serious barrier and fits, light and dark at %i',
    async (width) => {
      if (browser === null) return;
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
      const open = async (username: 'admin' | 'auditor') => {
        const screen = { width, height: 844 };
        const visitor = await openWindow(browser, system, screen);
        await signInTo(visitor.page, '/portal/', username);
        await visitor.page.getByRole('heading', { level: 1 }).waitFor();
        return visitor.page;
      };
      const clerk = encodeURIComponent(`Clerk ${'of a very long name '.repeat(2)}indeed`);
      const pages = [
        'security/identities',
        'security/identities/somebody.of.a.rather.long.user.name@example.com',
        'security/roles',
        `security/roles/${clerk}`,
        'security/roles/Auditor',
        'security/claims',
        'security/access-rules',
        'security/access-rules/certServer.log.configuration',
        'security/applications',
        'security/reviews',
        `security/reviews/${period}`,
        'audit-configuration',
        'account/tokens',
      ];
      const settled = async (page: Page, path: string) => {
        await page.goto(`/portal/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('[aria-busy]').first().waitFor({ state: 'detached' });
      };

      const admin = await open('admin');
      for (const path of pages) {
        await settled(admin, path);
        await look(admin, path);
      }
      const dialogs: [path: string, button: RegExp][] = [
        ['security/identities', /^Create an identity/],
        ['security/identities/auditor', /^Edit/],
        ['security/identities/auditor', /^Change roles/],
        ['security/identities/auditor', /^Enroll a certificate/],
        ['security/identities/auditor', /^Delete auditor/],
        ['security/roles', /^Create a role/],
        ['security/claims', /^Add a claim/],
        ['security/access-rules', /^Import/],
        ['security/applications', /^Create an application/],
        ['audit-configuration', /^Filter ACCESS_SESSION_ESTABLISH/],
        ['account/tokens', /^Create a token/],
      ];
      for (const [path, button] of dialogs) {
        await settled(admin, path);
        await admin.getByRole('button', { name: button }).first().click();
        await admin.getByRole('dialog').getByRole('button').last().waitFor();
        await look(admin, `${path}, ${button.source}`);
      }
      await settled(admin, `security/roles/${clerk}`);
      await admin.getByRole('button', { name: 'Show all rights' }).click();
      await admin.getByRole('checkbox', { name: 'modify on certServer.acl.configuration' }).check();
      await look(admin, 'a right not saved yet');
      await admin.goto('/portal/security/access-rules/certServer.log.configuration');
      await admin.getByRole('textbox', { name: 'Rule' }).fill('certServer.log.configuration:read');
      await admin.getByRole('button', { name: 'Review the change' }).click();
      await admin.getByRole('alert').waitFor();
      await look(admin, 'a faulty rule');

      const auditor = await open('auditor');
      for (const path of [...pages, 'audit-files']) {
        await settled(auditor, path);
        await look(auditor, `${path}, auditor`);
      }
      expect(found).toEqual({});
    },
  );
});
