import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../testing/harness.ts';
import { startSftpServer, testSshKey } from '../testing/sftp-server.ts';
import { connectSftp, readHostKey, type SftpServer } from './sftp.ts';

const user = testSshKey();
const machine = await startSftpServer({ userKey: user.publicKey });
const plain = await startSftpServer({ posixRename: false });
afterAll(async () => {
  await machine.close();
  await plain.close();
});

let dir = '';
beforeEach(async () => {
  machine.before = () => true;
  dir = await temporaryFolder();
});

function reach(more: Partial<SftpServer> = {}): SftpServer {
  return {
    machine: '127.0.0.1',
    port: machine.port,
    username: machine.username,
    hostKey: machine.hostKey,
    credentials: { password: machine.password },
    ...more,
  };
}

async function connected<T>(
  work: (files: Awaited<ReturnType<typeof connectSftp>>) => Promise<T>,
  more: Partial<SftpServer> = {},
): Promise<T> {
  const files = await connectSftp(reach(more));
  try {
    return await work(files);
  } finally {
    await files.close();
  }
}

describe('a machine that is reached by SFTP', () => {
  it('shows its key, and nothing is sent to it for that', async () => {
    const before = machine.attempts.length;
    expect(await readHostKey('127.0.0.1', machine.port)).toBe(machine.hostKey);
    expect(machine.attempts).toHaveLength(before);
  });

  it('with another key than the confirmed one gets no password', async () => {
    const before = machine.attempts.length;
    await expect(connectSftp(reach({ hostKey: plain.hostKey }))).rejects.toMatchObject({
      code: 'host_key_refused',
      message: `127.0.0.1: expected the host key ${plain.hostKey}, got ${machine.hostKey}`,
    });
    expect(machine.attempts).toHaveLength(before);
  });

  it('does not take a wrong password', async () => {
    await expect(connectSftp(reach({ credentials: { password: 'wrong' } }))).rejects.toMatchObject({
      code: 'store_sign_in_refused',
      message: '127.0.0.1: the credentials of deployer were not accepted',
    });
  });

  it('takes a private key', async () => {
    const credentials = { privateKey: user.privateKey, passphrase: null };
    await writeFile(join(dir, 'a'), 'content');
    const read = await connected(async (files) => await files.read(join(dir, 'a'), 100), {
      credentials,
    });
    expect(read?.toString()).toBe('content');
  });

  it('that is not there cannot be reached', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await new Promise((resolve) => void taken.close(resolve));
    await expect(connectSftp(reach({ port }))).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining(`127.0.0.1 cannot be reached at port ${port}`) as string,
    });
  });

  it('that says nothing is given up', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await expect(connectSftp(reach({ port }), 50)).rejects.toMatchObject({
      code: 'store_unreachable',
    });
    silent.close();
  });
});

describe('a file over SFTP', () => {
  it('is replaced whole; its mode stays; a link to it stays one', async () => {
    const path = join(dir, 'site.pem');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await symlink(path, join(dir, 'link'));
    await connected(async (files) => {
      await files.replace(join(dir, 'link'), Buffer.from('new'), 0o600);
      await files.replace(join(dir, 'fresh'), Buffer.from('fresh'), 0o600);
    });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect((await stat(join(dir, 'fresh'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['fresh', 'link', 'site.pem']);
  });

  it.each(['open', 'write', 'fsetstat', 'fsync', 'posix-rename'])(
    'is the old one when the machine goes away at "%s"',
    async (when) => {
      const path = join(dir, 'site.pem');
      await writeFile(path, 'old');
      machine.before = (operation, at) => operation !== when || !at.includes('site.pem');
      await expect(
        connected(async (files) => await files.replace(path, Buffer.from('new content'), 0o600)),
      ).rejects.toMatchObject({ code: 'store_write_failed' });
      machine.before = () => true;
      expect(await readFile(path, 'utf8')).toBe('old');
      await connected(async (files) => await files.replace(path, Buffer.from('new'), 0o600));
      expect(await readFile(path, 'utf8')).toBe('new');
      expect(await readdir(dir)).toEqual(['site.pem']);
    },
  );

  it('is not replaced by a server that cannot do it at once', async () => {
    const path = join(dir, 'site.pem');
    const credentials = { password: plain.password };
    const more = { port: plain.port, hostKey: plain.hostKey, credentials };
    await connected(async (files) => await files.replace(path, Buffer.from('first'), 0o600), more);
    await expect(
      connected(async (files) => await files.replace(path, Buffer.from('next'), 0o600), more),
    ).rejects.toMatchObject({
      code: 'store_write_failed',
      message: `${path}: the server cannot put a file in the place of another at once (posix-rename@openssh.com)`,
    });
    expect(await readFile(path, 'utf8')).toBe('first');
    expect(await readdir(dir)).toEqual(['site.pem']);
  });

  it('is read up to a limit, and only when it is a file', async () => {
    await writeFile(join(dir, 'large'), 'x'.repeat(100_001));
    await mkdir(join(dir, 'folder'));
    await connected(async (files) => {
      expect((await files.read(join(dir, 'large'), 100_001))?.length).toBe(100_001);
      await expect(files.read(join(dir, 'large'), 100_000)).rejects.toMatchObject({
        code: 'store_malformed',
        message: `${join(dir, 'large')}: expected at most 100000 bytes, got more`,
      });
      await expect(files.read(join(dir, 'folder'), 10)).rejects.toMatchObject({
        name: 'ServerError',
      });
      expect(await files.read(join(dir, 'missing'), 10)).toBeNull();
      expect(await files.list(join(dir, 'missing'))).toBeNull();
      await expect(files.read(`${dir}/../x`, 10)).rejects.toMatchObject({
        code: 'store_path_refused',
      });
    });
  });

  it('is found in its folder; links are not followed', async () => {
    await writeFile(join(dir, 'b'), '');
    await mkdir(join(dir, 'a'));
    await symlink('/etc', join(dir, 'c'));
    const entries = await connected(async (files) => {
      await files.makeFolder(join(dir, 'made'));
      await files.remove(join(dir, 'missing'));
      return await files.list(dir);
    });
    expect(entries).toEqual([
      { name: 'a', kind: 'folder' },
      { name: 'b', kind: 'file' },
      { name: 'c', kind: 'other' },
      { name: 'made', kind: 'folder' },
    ]);
  });
});

const SSHD = '/usr/sbin/sshd';
const there = existsSync(SSHD);
describe.skipIf(!there)(`OpenSSH${there ? '' : ' (no sshd on this machine)'}`, () => {
  it('is talked to as the server of these tests is', async () => {
    const { withOpenSsh } = await import('../testing/openssh.ts');
    await withOpenSsh(SSHD, user, async (server) => {
      const path = join(dir, 'site.pem');
      const files = await connectSftp(server);
      await files.replace(path, Buffer.from('old'), 0o600);
      await files.replace(path, Buffer.from('new'), 0o600);
      expect((await files.read(path, 100))?.toString()).toBe('new');
      await files.close();
      expect(await readdir(dir)).toEqual(['site.pem']);
    });
  });
});
