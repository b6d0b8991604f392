import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A folder for files that openssl reads and writes; removed at the end of the test. */
export interface OpenSsl extends AsyncDisposable {
  readonly dir: string;
  path(name: string): string;
  read(name: string): Promise<Buffer>;
  write(name: string, bytes: string | Uint8Array): Promise<string>;
  /** Runs openssl in the folder; both outputs together. Throws with them when it fails. */
  run(...args: string[]): Promise<string>;
}

/** OpenSSL of the machine, as the independent judge of what the tests make. */
export async function openSsl(): Promise<OpenSsl> {
  const dir = await mkdtemp(join(tmpdir(), 'countersign-openssl-'));
  return {
    dir,
    path: (name) => join(dir, name),
    read: async (name) => await readFile(join(dir, name)),
    write: async (name, bytes) => {
      await writeFile(join(dir, name), bytes);
      return join(dir, name);
    },
    run: async (...args) => {
      try {
        const { stdout, stderr } = await promisify(execFile)('openssl', args, { cwd: dir });
        return stdout + stderr;
      } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        throw new Error(`openssl ${args.join(' ')}\n${stdout}${stderr}`, { cause: error });
      }
    },
    [Symbol.asyncDispose]: async () => await rm(dir, { recursive: true }),
  };
}
