import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVault, Vault } from './vault.ts';

let base = '';
let count = 0;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'countersign-vault-'));
});
afterAll(async () => await rm(base, { recursive: true }));

const PASSPHRASE = 'correct horse battery staple';

async function folder(): Promise<string> {
  count += 1;
  return await mkdtemp(join(base, `${count}-`));
}

describe('a vault', () => {
  const vault = new Vault(Buffer.alloc(32, 7));

  it('gives back what was sealed, and never seals twice alike', () => {
    const sealed = vault.seal('a private key', 'certificate:00');
    expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    expect(vault.open(sealed, 'certificate:00').toString()).toBe('a private key');
    expect(vault.seal('a private key', 'certificate:00')).not.toBe(sealed);
    expect(vault.open(vault.seal(Buffer.of(), 'x'), 'x')).toEqual(Buffer.of());
  });

  it('opens nothing that was put elsewhere, changed, or is of another vault', () => {
    const sealed = vault.seal('a private key', 'certificate:00');
    const fault = {
      name: 'VaultError',
      code: 'vault_malformed',
      message: expect.stringContaining('was changed, is of something else, or of another vault'),
    };
    expect(() => vault.open(sealed, 'certificate:01')).toThrow(expect.objectContaining(fault));
    expect(() => new Vault(Buffer.alloc(32, 8)).open(sealed, 'certificate:00')).toThrow(
      expect.objectContaining(fault),
    );
    const bytes = Buffer.from(sealed.slice(3).replace('.', ''), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const nonce = changed.subarray(0, 12).toString('base64url');
      const text = `v1.${nonce}.${changed.subarray(12).toString('base64url')}`;
      expect(() => vault.open(text, 'certificate:00')).toThrow(expect.objectContaining(fault));
    }
    for (const text of ['', 'v1', 'v1.a.b', sealed.replace('v1', 'v2'), `${sealed}.x`]) {
      expect(() => vault.open(text, 'certificate:00')).toThrow(
        'certificate:00: expected a sealed text of version v1',
      );
    }
  });
});

describe('the vault of a data folder', () => {
  it('is opened by the key file that its first start has made, 0600', async () => {
    const dir = await folder();
    const given = { passphrase: null, keyFile: null };
    const sealed = (await openVault(dir, given)).seal('secret', 'x');
    expect((await openVault(dir, given)).open(sealed, 'x').toString()).toBe('secret');
    for (const name of ['vault.key', 'vault.json']) {
      expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('is opened by its passphrase alone, in any composition of letters', async () => {
    const dir = await folder();
    const first = await openVault(dir, { passphrase: 'Schlüssel-Bund', keyFile: null });
    const sealed = first.seal('secret', 'x');
    const again = await openVault(dir, {
      passphrase: 'Schlüssel-Bund'.normalize('NFD'),
      keyFile: null,
    });
    expect(again.open(sealed, 'x').toString()).toBe('secret');
    await expect(openVault(dir, { passphrase: PASSPHRASE, keyFile: null })).rejects.toMatchObject({
      code: 'vault_key_wrong',
      message: `the passphrase does not open ${join(dir, 'vault.json')}`,
    });
    await expect(openVault(dir, { passphrase: null, keyFile: null })).rejects.toMatchObject({
      code: 'vault_key_missing',
      message: expect.stringContaining('is sealed by a passphrase: expected it in the setting'),
    });
  });

  it('refuses another key file, none, one others can read, and a passphrase', async () => {
    const dir = await folder();
    const keyFile = join(dir, 'own.key');
    const given = { passphrase: null, keyFile };
    await openVault(dir, given);
    await expect(openVault(dir, { ...given, passphrase: PASSPHRASE })).rejects.toMatchObject({
      code: 'vault_key_wrong',
      message: expect.stringContaining('expected no passphrase to be set, got one'),
    });
    await chmod(keyFile, 0o640);
    await expect(openVault(dir, given)).rejects.toMatchObject({
      code: 'vault_key_exposed',
      message: `${keyFile}: expected mode 0600, got 0640; run: chmod 600 ${keyFile}`,
    });
    await chmod(keyFile, 0o600);
    await writeFile(keyFile, Buffer.alloc(32, 1).toString('base64'));
    await expect(openVault(dir, given)).rejects.toMatchObject({
      code: 'vault_key_wrong',
      message: `${keyFile} does not open ${join(dir, 'vault.json')}`,
    });
    await writeFile(keyFile, 'short');
    await expect(openVault(dir, given)).rejects.toMatchObject({ code: 'vault_malformed' });
    await rm(keyFile);
    await expect(openVault(dir, given)).rejects.toMatchObject({
      code: 'vault_key_missing',
      message: `expected the vault's key file ${keyFile}, got none`,
    });
  });

  it('is not made anew where something is sealed', async () => {
    const dir = await folder();
    await expect(
      openVault(dir, { passphrase: null, keyFile: null, inUse: true }),
    ).rejects.toMatchObject({
      code: 'vault_key_missing',
      message: `expected ${join(dir, 'vault.json')}, got none: the private keys in the state are sealed by it`,
    });
    expect(await readdir(dir)).toEqual([]);
  });

  it('refuses a vault file it does not understand, and shows nothing of it', async () => {
    const dir = await folder();
    const path = join(dir, 'vault.json');
    const given = { passphrase: PASSPHRASE, keyFile: null };
    await openVault(dir, given);
    const good = JSON.parse(await readFile(path, 'utf8')) as Record<string, object>;
    const faulty = [
      'not JSON',
      JSON.stringify({ ...good, version: 2 }),
      JSON.stringify({ ...good, protection: { kind: 'none' } }),
      // A cost that would take all memory.
      JSON.stringify({ ...good, protection: { ...good['protection'], N: 2 ** 40 } }),
    ];
    for (const text of faulty) {
      await writeFile(path, text);
      await expect(openVault(dir, given)).rejects.toMatchObject({
        code: 'vault_malformed',
        message: `${path}: expected a vault of version 1`,
      });
    }
  });
});
