import {
  checkConsistency,
  formatTilePath,
  openCheckpoint,
  parseVerifierKey,
  proveConsistency,
  tileHashReader,
  TlogError,
  toHex,
  treeHash,
  equalBytes,
  type Checkpoint,
  type Tile,
} from '@countersign/tlog';

/** How the log of now continues the log this browser saw last. */
export type ConsistencyResult =
  | { readonly kind: 'first'; readonly detail: string }
  | {
      readonly kind: 'same' | 'extended';
      readonly from: number;
      readonly to: number;
      readonly detail: string;
    }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };

export type ReadTile = (path: string) => Promise<Uint8Array>;

function open(note: string, vkey: string): Checkpoint {
  const verifier = parseVerifierKey(vkey);
  return openCheckpoint(note, verifier.name, [verifier]);
}

/**
 * Checks that the tree of `now` has the tree of `before` as its beginning (RFC 9162 section 2.1.4), from the tiles
 * of the log: a log that was rolled back, or in which anything was changed, cannot pass.
 */
export async function checkGrowth(
  before: string | null,
  now: string,
  vkey: string,
  readTile: ReadTile,
): Promise<ConsistencyResult> {
  const current = attempt(() => open(now, vkey));
  if (current.value === null) {
    return {
      kind: 'failed',
      detail: `The newest checkpoint is not signed by the pinned key: ${current.error}.`,
    };
  }
  const held = before === null ? null : attempt(() => open(before, vkey)).value;
  const to = current.value.size;
  if (held === null) {
    return {
      kind: 'first',
      detail: `This browser saw the log for the first time, at ${to} records. From now on it notices if the log is rolled back.`,
    };
  }
  const from = held.size;
  if (to < from) {
    return {
      kind: 'failed',
      detail: `The log has ${to} records; this browser has seen a signed checkpoint of ${from}. Records were taken away.`,
    };
  }
  if (to === from) {
    return equalBytes(held.root, current.value.root)
      ? { kind: 'same', from, to, detail: 'The log is exactly the one this browser saw last.' }
      : {
          kind: 'failed',
          detail: `Two different logs of ${to} records are signed: root ${toHex(held.root)} then, ${toHex(current.value.root)} now.`,
        };
  }
  return compareTrees(held, current.value, readTile);
}

async function compareTrees(
  held: Checkpoint,
  current: Checkpoint,
  readTile: ReadTile,
): Promise<ConsistencyResult> {
  const from = held.size;
  const to = current.size;
  try {
    const reader = tileHashReader(to, (tile: Tile) => readTile(formatTilePath(tile)));
    if (from === 0) {
      const root = await treeHash(to, reader);
      if (!equalBytes(root, current.root))
        throw new Error('the tiles do not add up to the signed root');
    } else {
      const proof = await proveConsistency(from, to, reader);
      checkConsistency(proof, from, to, held.root, current.root);
    }
    return {
      kind: 'extended',
      from,
      to,
      detail: `The log of ${to} records begins with the ${from} this browser saw before, unchanged.`,
    };
  } catch (error) {
    if (error instanceof TlogError) {
      return {
        kind: 'failed',
        detail: `The log of ${to} records does not begin with the ${from} this browser saw before: ${error.message}.`,
      };
    }
    return {
      kind: 'unknown',
      detail: `The tiles of the log could not be read: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}

function attempt<T>(read: () => T): { value: T; error: null } | { value: null; error: string } {
  try {
    return { value: read(), error: null };
  } catch (error) {
    return { value: null, error: error instanceof Error ? error.message : String(error) };
  }
}
