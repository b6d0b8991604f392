import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/harness.ts';
import { LocalFiles } from './local.ts';
import { temporaryName } from './store-files.ts';

let root = '';
let elsewhere = '';
let files = new LocalFiles([], '/none');
beforeEach(async () => {
  const dir = await temporaryFolder();
  root = join(dir, 'root');
  elsewhere = join(dir, 'elsewhere');
  await mkdir(root);
  await mkdir(elsewhere);
  files = new LocalFiles([root], join(dir, 'data'));
});
const bytes = (text: string) => Buffer.from(text);
const refused = (message: string) => ({
  code: 'store_path_refused',
  message: expect.stringContaining(message) as string,
});

describe('a file of this machine', () => {
  it('is replaced whole; mode stays; nothing is left over', async () => {
    const path = join(root, 'site.pem');
    await files.replace(path, bytes('old'), 0o644);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    await chmod(path, 0o640);
    const before = await stat(path);
    await files.replace(path, bytes('new'), 0o600);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await stat(path)).ino).not.toBe(before.ino);
    expect(await readdir(root)).toEqual(['site.pem']);
  });

  it('that was half written by somebody who died is written anew', async () => {
    const path = join(root, 'site.pem');
    await writeFile(join(root, temporaryName('site.pem')), 'half');
    await files.replace(path, bytes('whole'), 0o600);
    expect(await readFile(path, 'utf8')).toBe('whole');
    expect(await readdir(root)).toEqual(['site.pem']);
  });

  it('is reached by a link that stays below the roots, and the link stays', async () => {
    await mkdir(join(root, 'archive'));
    await writeFile(join(root, 'archive', 'a.pem'), 'old');
    await symlink(join(root, 'archive', 'a.pem'), join(root, 'live.pem'));
    await files.replace(join(root, 'live.pem'), bytes('new'), 0o600);
    expect(await readFile(join(root, 'archive', 'a.pem'), 'utf8')).toBe('new');
    expect((await readdir(root)).sort((a, b) => (a < b ? -1 : 1))).toEqual(['archive', 'live.pem']);
  });

  it('is not reached by a link that leads out, to a file, a folder or nothing', async () => {
    await writeFile(join(elsewhere, 'secret'), 'secret');
    await symlink(join(elsewhere, 'secret'), join(root, 'file'));
    await symlink(elsewhere, join(root, 'folder'));
    await symlink(join(elsewhere, 'new'), join(root, 'nothing'));
    for (const name of ['file', 'folder/secret', 'folder/new']) {
      const path = join(root, name);
      const outside = refused(`${path}: expected a path below ${root} (COUNTERSIGN_STORE_ROOTS)`);
      await expect(files.read(path, 100)).rejects.toMatchObject(outside);
      await expect(files.replace(path, bytes('x'), 0o600)).rejects.toMatchObject(outside);
      await expect(files.remove(path)).rejects.toMatchObject(outside);
    }
    await expect(files.replace(join(root, 'nothing'), bytes('x'), 0o600)).rejects.toMatchObject(
      refused('is a link to something that is not there'),
    );
    await expect(files.list(join(root, 'folder'))).rejects.toMatchObject(refused(''));
    expect(await readdir(elsewhere)).toEqual(['secret']);
    expect(await readFile(join(elsewhere, 'secret'), 'utf8')).toBe('secret');
  });

  it('is nowhere else, whether it is there or not', async () => {
    for (const path of ['/etc/passwd', '/etc/no-such-file', '/no/such/folder/file', root]) {
      await expect(files.read(path, 100)).rejects.toMatchObject(
        refused(`${path}: expected a path below ${root}`),
      );
    }
    await expect(files.read(`${root}/../elsewhere/x`, 100)).rejects.toMatchObject(
      refused('path: expected an absolute path without ".."'),
    );
    const off = new LocalFiles([], '/none');
    await expect(off.read(join(root, 'x'), 100)).rejects.toMatchObject(
      refused('stores on this machine are off'),
    );
  });

  it('of the data folder is never reached, wherever the roots lead', async () => {
    const data = join(root, 'data');
    await mkdir(data);
    await writeFile(join(data, 'vault.key'), 'key');
    const careless = new LocalFiles([root], data);
    await expect(careless.read(join(data, 'vault.key'), 100)).rejects.toMatchObject(refused(''));
  });

  it('is what it was when nobody looked: a folder that becomes a link is not followed', async () => {
    const folder = join(root, 'folder');
    await mkdir(folder);
    await writeFile(join(folder, 'a'), 'inside');
    await writeFile(join(elsewhere, 'a'), 'outside');
    await symlink(elsewhere, join(root, 'trap'));
    // Whatever the order in which both happen, what is read was below the root.
    for (let turn = 0; turn < 20; turn += 1) {
      const reading = files.read(join(folder, 'a'), 100).catch(() => null);
      await rename(folder, join(root, 'away'));
      await rename(join(root, 'trap'), folder);
      expect((await reading)?.toString() ?? 'inside').toBe('inside');
      await rename(folder, join(root, 'trap'));
      await rename(join(root, 'away'), folder);
    }
  });

  it('of more than the limit, a pipe, a folder are refused at once', async () => {
    await writeFile(join(root, 'large'), 'x'.repeat(11));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await mkdir(join(root, 'folder'));
    await expect(files.read(join(root, 'large'), 10)).rejects.toMatchObject({
      code: 'store_malformed',
      message: `${join(root, 'large')}: expected at most 10 bytes, got more`,
    });
    for (const name of ['pipe', 'folder'])
      await expect(files.read(join(root, name), 10)).rejects.toMatchObject({
        code: 'store_malformed',
        message: `${join(root, name)}: expected a file, got something else`,
      });
    await expect(files.replace(join(root, 'folder'), bytes('x'), 0o600)).rejects.toMatchObject({
      code: 'store_malformed',
    });
    expect(await files.read(join(root, 'missing'), 10)).toBeNull();
  });

  it('that has another name elsewhere is left alone there', async () => {
    await writeFile(join(elsewhere, 'a'), 'old');
    await link(join(elsewhere, 'a'), join(root, 'a'));
    await files.replace(join(root, 'a'), bytes('new'), 0o600);
    expect(await readFile(join(elsewhere, 'a'), 'utf8')).toBe('old');
  });
});
