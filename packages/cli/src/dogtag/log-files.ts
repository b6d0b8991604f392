/** Finds the files of an audit log and reads them, one at a time. */
import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CliError, fileTrouble } from '../errors.ts';

/** A file to read, and how reports name it: as short as tells it from the others. */
export interface LogSource {
  readonly path: string;
  readonly name: string;
  /** Bytes when it was found. A running server goes on writing: what comes later is left for later. */
  readonly size: number;
}

/** Bytes that show whether a file is an audit log. */
const PEEK_BYTES = 65_536;

/**
 * Returns the files that paths name: files as they are, of folders every file that looks like an
 * audit log; `onSkipped` is told of the others: lists, certificates, empty files.
 * @throws CliError `file_unreadable` naming the path, or when a folder holds no log
 */
export async function findLogFiles(
  paths: readonly string[],
  onSkipped: (file: string) => void = () => undefined,
): Promise<LogSource[]> {
  const found = new Map<string, number>();
  for (const path of paths) {
    const info = await explain(path, () => stat(path));
    if (!info.isDirectory()) {
      found.set(resolve(path), info.size);
      continue;
    }
    const before = found.size;
    for (const entry of (await explain(path, () => readdir(path))).sort()) {
      const file = join(path, entry);
      const inside = await explain(file, () => stat(file));
      if (!inside.isFile()) continue;
      if (await looksLikeAuditLog(file)) found.set(resolve(file), inside.size);
      else onSkipped(file);
    }
    if (found.size === before) {
      throw new CliError(
        'file_unreadable',
        `PATH "${path}" holds no file that looks like an audit log`,
        {
          details: { path },
        },
      );
    }
  }
  const files = [...found.keys()];
  const names = shortNames(files);
  return files.map((path, i) => ({ path, name: names[i]!, size: found.get(path)! }));
}

/**
 * Reads a file as it was when it was found, with the SHA-256 of its bytes.
 * @throws CliError `file_unreadable`, also when the file got shorter since
 */
export async function readLogFile({
  path,
  size,
}: LogSource): Promise<{ bytes: Buffer; digest: string }> {
  return explain(path, async () => {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(size);
      let at = 0;
      while (at < size) {
        const { bytesRead } = await file.read(bytes, at, Math.min(size - at, 1 << 28), at);
        if (bytesRead === 0) {
          throw new Error(
            `expected ${size} bytes, got ${at}: it was cut or rotated while it was read`,
          );
        }
        at += bytesRead;
      }
      return { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
    } finally {
      await file.close();
    }
  });
}

/** Whether one of the first lines of a file is a line of an audit log. */
async function looksLikeAuditLog(path: string): Promise<boolean> {
  return explain(path, async () => {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0);
      const head = buffer.subarray(0, bytesRead).toString('latin1').replaceAll('\0', '');
      return /^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe)?(?:\d+\..{0,1024}? - \[\d{1,2}\/[^\]]{1,96}\] \[\d+\] \[\d+\] |\[\d{4}-\d\d-\d\d [\d:]{8}\] \w{1,32} )\[AuditEvent=/m.test(
        head,
      );
    } finally {
      await file.close();
    }
  });
}

/** File names, with as much of the folder before them as it takes to make them differ. */
function shortNames(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path));
  if (new Set(names).size === names.length) return names;
  const longer = paths.map((path) => join(basename(dirname(path)), basename(path)));
  return new Set(longer).size === longer.length ? longer : [...paths];
}

async function explain<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('file_unreadable', `PATH "${path}" cannot be read: ${fileTrouble(cause)}`, {
      cause,
      details: { path },
    });
  }
}
