import { createLog, openLog, type Log } from '@countersign/ledger';
import { generateSignerKey, parseSignerKey, type NoteVerifier } from '@countersign/tlog';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

export const ORIGIN = 'bench.example/log';
const signer = parseSignerKey(generateSignerKey(ORIGIN));
export const verifier: NoteVerifier = signer.verifier;

/** A new, empty log in its own folder. */
export async function createBenchLog(dir: string): Promise<Log> {
  await mkdir(dirname(dir), { recursive: true });
  await createLog({ dir, origin: ORIGIN, signers: [signer] });
  return openLog({ dir, origin: ORIGIN, signers: [signer] });
}
