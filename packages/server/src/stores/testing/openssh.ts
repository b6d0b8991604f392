import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { readHostKey, type SftpServer } from '../files/sftp.ts';
import { testSshKey } from './sftp-server.ts';

/** A real sshd of this machine, for the account that runs the tests. */
export async function withOpenSsh(
  sshd: string,
  user: { readonly privateKey: string; readonly publicKey: Buffer },
  work: (server: SftpServer) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-sshd-'));
  const port = await freePort();
  const write = async (name: string, text: string) => {
    await writeFile(join(dir, name), text, { mode: 0o600 });
  };
  await write('host', testSshKey().privateKey);
  await write('keys', `ssh-ed25519 ${user.publicKey.toString('base64')}\n`);
  await write(
    'config',
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(dir, 'host')}`,
      `AuthorizedKeysFile ${join(dir, 'keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PidFile none',
      'Subsystem sftp internal-sftp',
      '',
    ].join('\n'),
  );
  const server = spawn(sshd, ['-D', '-e', '-f', join(dir, 'config')], { stdio: 'pipe' });
  try {
    await new Promise<void>((resolve, reject) => {
      let said = '';
      server.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Server listening')) resolve();
      });
      server.once('exit', () => {
        reject(new Error(`sshd ended: ${said}`));
      });
    });
    await work({
      machine: '127.0.0.1',
      port,
      username: userInfo().username,
      hostKey: await readHostKey('127.0.0.1', port),
      credentials: { privateKey: user.privateKey, passphrase: null },
    });
  } finally {
    server.kill();
    await rm(dir, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => void probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => void probe.close(resolve));
  return port;
}
