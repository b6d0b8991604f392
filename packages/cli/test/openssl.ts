import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { typed } from './pki-system.ts';

/** Runs a line of the machine's openssl in a folder, as the other opinion. @throws Error with all that it said when it fails */
export async function openssl(folder: string, line: string): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)('openssl', typed(line), { cwd: folder });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`openssl ${line}: ${stdout}${stderr}`, { cause: error });
  }
}
