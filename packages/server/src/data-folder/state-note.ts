import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateLocation } from '../database/location.ts';
import { dataPaths } from './keys.ts';

/** The state that is asked for is not the one that belongs to the data folder. */
export class StateElsewhere extends Error {
  override readonly name = 'StateElsewhere';
  readonly code = 'state_elsewhere';
}

/** In the data folder of a log whose state is not there: which database has it, without user and password. */
function notePath(dataDir: string): string {
  return join(dataDir, 'state.postgres');
}

/**
 * Refuses to begin a second state beside the one there is, which would know neither accounts nor what is on its way into
 * the log. Throws StateElsewhere.
 */
export async function assertNoOtherState(dataDir: string, location: StateLocation): Promise<void> {
  if (location.kind === 'postgres') {
    const { state } = dataPaths(dataDir);
    if (!(await exists(state))) return;
    throw new StateElsewhere(
      `the state of ${dataDir} is in ${state}; ${location.name} would be another one`,
    );
  }
  const name = await readFile(notePath(dataDir), 'utf8').catch(() => null);
  if (name === null) return;
  throw new StateElsewhere(
    `the state of ${dataDir} is in ${name.trim()}: name it with COUNTERSIGN_DATABASE or --database`,
  );
}

/** Leaves word in the data folder. */
export async function noteState(dataDir: string, location: StateLocation): Promise<void> {
  if (location.kind !== 'postgres') return;
  await writeFile(notePath(dataDir), `${location.name}\n`, { mode: 0o600 });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
