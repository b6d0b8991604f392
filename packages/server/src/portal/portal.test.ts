import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startTestServer, temporaryFolder } from '../testing/harness.ts';

const dir = await temporaryFolder();
const portal = join(dir, 'portal');
await mkdir(join(portal, 'assets'), { recursive: true });
await writeFile(
  join(portal, 'index.html'),
  '<html><head><meta content="__CSP_NONCE__"></head><body>shell</body></html>',
);
await writeFile(join(portal, 'assets', 'main-1a2b.js'), 'export {};');
await writeFile(join(portal, 'mark.svg'), '<svg/>');
await writeFile(join(dir, 'outside.txt'), 'outside');
const system = await startTestServer({ dir });
const auditor = await system.signIn('auditor');
const admin = await system.signIn('admin');

describe('pages', () => {
  test('carry a fresh nonce for styles, and allow scripts from files only', async () => {
    const nonces = new Set<string>();
    for (let i = 0; i < 2; i += 1) {
      const page = await system.request('/portal/audit', { cookie: auditor });
      expect(page.status).toBe(200);
      const nonce = /content="([\w-]{24})"/.exec(await page.text())?.[1] ?? '';
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).toContain("script-src 'self';");
      expect(policy).not.toContain('unsafe');
      expect(page.headers.get('cache-control')).toBe('no-store');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(2);
  });

  test('are authorized one by one: the home page is for everybody signed in', async () => {
    const status = async (path: string, cookie: string) =>
      (await system.request(path, { cookie })).status;
    expect(await status('/portal/', admin)).toBe(200);
    expect(await status('/portal/catalogue', admin)).toBe(200);
    expect(await status('/portal/audit', admin)).toBe(403);
    expect(await status('/portal/audit/5', admin)).toBe(403);
    expect(await status('/portal/health', admin)).toBe(403);
    expect(await status('/portal/audit/5', auditor)).toBe(200);
    expect(await status('/portal/nowhere', auditor)).toBe(404);
  });

  test('the root leads to the portal', async () => {
    for (const path of ['/', '/portal']) {
      const answer = await system.request(path);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/portal/']);
    }
  });
});

describe('files', () => {
  test('with a hash in their name are kept for ever, others are asked for again', async () => {
    const script = await system.request('/portal/assets/main-1a2b.js');
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const mark = await system.request('/portal/mark.svg');
    expect(mark.headers.get('cache-control')).toBe('no-cache');
    const again = await system.request('/portal/mark.svg', {
      headers: { 'if-none-match': mark.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  test('outside the build are not served, however they are spelled', async () => {
    for (const path of [
      '../outside.txt',
      '%2e%2e/outside.txt',
      '..%2foutside.txt',
      'assets/..%2f..%2foutside.txt',
      'index.html%00',
    ]) {
      const answer = await system.request(`/portal/${path}`);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.text()).not.toContain('outside\n');
    }
  });
});

test('without a build the page says how to make one', async () => {
  const bare = await startTestServer();
  await rm(join(bare.dir, 'portal'), { recursive: true, force: true });
  const answer = await bare.request('/portal/sign-in');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('build it with: npm run build');
});
