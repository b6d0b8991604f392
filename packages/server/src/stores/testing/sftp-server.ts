import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
} from 'node:fs';
import {
  fsyncSync,
  fchmodSync,
  mkdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Stats } from 'node:fs';
import type { AddressInfo } from 'node:net';
import ssh2, { type Connection, type SFTPWrapper } from 'ssh2';

/** A machine with SSH in this process: its files are those below a folder of the real one. */
export interface TestSftpServer {
  readonly port: number;
  /** `SHA256:…` */
  readonly hostKey: string;
  readonly username: string;
  readonly password: string;
  /** What comes in and is done before it is answered; `false`: the connection is cut instead. */
  before: (operation: string, path: string) => boolean;
  /** Passwords and keys with which somebody has tried to sign in. */
  readonly attempts: string[];
  close(): Promise<void>;
}

/** The private key of a machine or a user, as OpenSSH has it. */
export function testSshKey(): { readonly privateKey: string; readonly publicKey: Buffer } {
  const keys = ssh2.utils.generateKeyPairSync('ed25519');
  const parsed = ssh2.utils.parseKey(keys.private);
  if (parsed instanceof Error) throw parsed;
  return { privateKey: keys.private, publicKey: parsed.getPublicSSH() };
}

const { STATUS_CODE } = ssh2.utils.sftp;

/** `posixRename`: whether it can put a file in the place of another at once, like OpenSSH. */
export async function startSftpServer(
  options: { readonly userKey?: Buffer; readonly posixRename?: boolean } = {},
): Promise<TestSftpServer> {
  const { userKey, posixRename = true } = options;
  const host = testSshKey();
  const password = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' });
  const connections = new Set<Connection>();
  const attempts: string[] = [];
  const machine = new ssh2.Server({ hostKeys: [host.privateKey] }, (client) => {
    connections.add(client);
    (client as unknown as { setNoDelay: (on: boolean) => void }).setNoDelay(true);
    client.on('error', () => undefined);
    client.on('close', () => void connections.delete(client));
    client.on('authentication', (context) => {
      attempts.push(context.method);
      const { username } = server;
      const known =
        (context.method === 'password' && context.password === server.password) ||
        (context.method === 'publickey' && userKey?.equals(context.key.data) === true);
      if (known && context.username === username) context.accept();
      else context.reject();
    });
    client.on('ready', () => {
      client.on('session', (accept) => {
        accept().on('sftp', (open) => {
          const sftp = open();
          if (posixRename) announce(sftp);
          serve(sftp, (operation, path) => {
            if (server.before(operation, path)) return true;
            for (const connection of connections) connection.end();
            return false;
          });
        });
      });
    });
  });
  await new Promise<void>((resolve) => {
    machine.listen(0, '127.0.0.1', resolve);
  });
  const server: TestSftpServer = {
    port: (machine.address() as AddressInfo).port,
    hostKey: `SHA256:${createHash('sha256').update(host.publicKey).digest('base64').replace('=', '')}`,
    username: 'deployer',
    password: password.toString('base64url'),
    before: () => true,
    attempts,
    close: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => {
        machine.close(() => {
          resolve();
        });
      });
    },
  };
  return server;
}

/** The library's server announces no extensions; OpenSSH's does so in its first answer. */
function announce(sftp: SFTPWrapper): void {
  const { _protocol: protocol } = sftp as unknown as {
    _protocol: { channelData: (channel: number, data: Buffer) => unknown };
  };
  const send = protocol.channelData.bind(protocol);
  const extensions = Buffer.concat(
    ['posix-rename@openssh.com', '1', 'fsync@openssh.com', '1'].map(text),
  );
  protocol.channelData = (channel, data) => {
    const isVersion = data.length === 9 && data[4] === 2;
    if (!isVersion) return send(channel, data);
    const whole = Buffer.concat([data, extensions]);
    whole.writeUInt32BE(whole.length - 4, 0);
    return send(channel, whole);
  };
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Does what is asked with the real files, one request after another. */
function serve(sftp: SFTPWrapper, goesOn: (operation: string, path: string) => boolean): void {
  const folders = new Map<number, string | null>();
  const paths = new Map<number, string>();
  const handleOf = (fd: number) => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(fd);
    return handle;
  };
  const fdOf = (handle: Buffer) => handle.readUInt32BE();
  const attempt = (id: number, operation: string, path: string, work: () => void) => {
    if (!goesOn(operation, path)) return;
    try {
      work();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const status = code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE;
      sftp.status(id, status, code ?? 'failure');
    }
  };
  const ok = (id: number) => {
    sftp.status(id, STATUS_CODE.OK);
  };
  let nextFolder = 1_000_000;
  sftp.on('OPEN', (id, path, flags) => {
    attempt(id, 'open', path, () => {
      const fd = openSync(path, ssh2.utils.sftp.flagsToString(flags) ?? 'r', 0o600);
      paths.set(fd, path);
      sftp.handle(id, handleOf(fd));
    });
  });
  sftp.on('READ', (id, handle, offset, length) => {
    attempt(id, 'read', paths.get(fdOf(handle)) ?? '', () => {
      const buffer = Buffer.alloc(length);
      const size = readSync(fdOf(handle), buffer, 0, length, offset);
      if (size === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, size));
    });
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    attempt(id, 'write', paths.get(fdOf(handle)) ?? '', () => {
      writeSync(fdOf(handle), data, 0, data.length, offset);
      ok(id);
    });
  });
  sftp.on('FSTAT', (id, handle) => {
    attempt(id, 'fstat', paths.get(fdOf(handle)) ?? '', () => {
      sftp.attrs(id, attributesOf(fstatSync(fdOf(handle))));
    });
  });
  sftp.on('FSETSTAT', (id, handle, { mode }) => {
    attempt(id, 'fsetstat', paths.get(fdOf(handle)) ?? '', () => {
      if (mode !== undefined) fchmodSync(fdOf(handle), mode & 0o7777);
      ok(id);
    });
  });
  sftp.on('CLOSE', (id, handle) => {
    attempt(id, 'close', '', () => {
      const fd = fdOf(handle);
      if (!folders.delete(fd)) closeSync(fd);
      ok(id);
    });
  });
  sftp.on('OPENDIR', (id, path) => {
    attempt(id, 'opendir', path, () => {
      statSync(path);
      const fd = (nextFolder += 1);
      folders.set(fd, path);
      sftp.handle(id, handleOf(fd));
    });
  });
  sftp.on('READDIR', (id, handle) => {
    const path = folders.get(fdOf(handle)) ?? null;
    attempt(id, 'readdir', path ?? '', () => {
      if (path === null) {
        sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      folders.set(fdOf(handle), null);
      const entries = ['.', '..', ...readdirSync(path)].map((filename) => ({
        filename,
        longname: filename,
        attrs: attributesOf(lstatSync(`${path}/${filename}`)),
      }));
      sftp.name(id, entries);
    });
  });
  const stat = (id: number, path: string) => {
    attempt(id, 'stat', path, () => {
      sftp.attrs(id, attributesOf(statSync(path)));
    });
  };
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('REALPATH', (id, path) => {
    attempt(id, 'realpath', path, () => {
      const filename = realpathSync(path);
      sftp.name(id, [{ filename, longname: filename, attrs: attributesOf(statSync(path)) }]);
    });
  });
  sftp.on('REMOVE', (id, path) => {
    attempt(id, 'remove', path, () => {
      unlinkSync(path);
      ok(id);
    });
  });
  sftp.on('MKDIR', (id, path) => {
    attempt(id, 'mkdir', path, () => {
      mkdirSync(path);
      ok(id);
    });
  });
  sftp.on('RENAME', (id, from, to) => {
    attempt(id, 'rename', to, () => {
      renameSync(from, to);
      ok(id);
    });
  });
  sftp.on('EXTENDED', (id, name, data) => {
    const [first = Buffer.of(), second = Buffer.of()] = strings(data);
    if (name === 'posix-rename@openssh.com')
      attempt(id, 'posix-rename', second.toString(), () => {
        renameSync(first.toString(), second.toString());
        ok(id);
      });
    else
      attempt(id, 'fsync', paths.get(fdOf(first)) ?? '', () => {
        fsyncSync(fdOf(first));
        ok(id);
      });
  });
}

function strings(data: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= data.length;) {
    const length = data.readUInt32BE(at);
    found.push(data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats) {
  return {
    mode,
    uid,
    gid,
    size,
    atime: Math.floor(atimeMs / 1000),
    mtime: Math.floor(mtimeMs / 1000),
  };
}
