import { rename } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { EMPTY_ROOT, formatCheckpoint, signNote, utf8, type NoteSigner } from '@countersign/tlog';
import { nodeDisk, replaceFile } from './disk.ts';
import { LedgerError } from './errors.ts';
import { LAYOUT, logPaths, type Layout } from './layout.ts';
import { openSegment } from './segments.ts';

export interface CreateLogOptions {
  /** The log's folder, `data/log`; the one it is in must exist. */
  readonly dir: string;
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  /** For tests. */
  readonly layout?: Layout;
}

/**
 * Creates an empty log with a signed checkpoint, whole or not at all. Throws LedgerError `log_exists` when the folder
 * is there.
 */
export async function createLog({
  dir,
  origin,
  signers,
  layout = LAYOUT,
}: CreateLogOptions): Promise<void> {
  if (signers.length === 0) throw new TypeError('signers: expected one at least');
  const disk = nodeDisk;
  if (disk.exists(dir)) {
    throw new LedgerError('log_exists', `${dir} exists already: a log is never written over`, {
      file: dir,
    });
  }
  // Left by a creation that was interrupted: it never became a log.
  const draft = `${logPaths(dir).lock}.new`;
  rmSync(draft, { recursive: true, force: true });
  const paths = logPaths(draft);
  for (const folder of [
    draft,
    paths.entriesDir,
    paths.contentsDir,
    paths.tilesDir,
    paths.offsetsDir,
    paths.producersDir,
  ]) {
    disk.mkdir(folder);
  }
  const segment = await openSegment({ disk, paths, layout }, 0, { entry: 0, content: 0 });
  await segment.entries.close();
  await segment.contents.close();
  const text = formatCheckpoint({ origin, size: 0, root: EMPTY_ROOT, extensions: [] });
  await replaceFile(disk, paths.checkpoint, utf8(signNote(text, signers)), paths.nextCheckpoint);
  await disk.syncDirectory(draft);
  // It becomes a log here, with everything in it durable.
  await rename(draft, dir);
  await disk.syncDirectory(dirname(dir));
}
