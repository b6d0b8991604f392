import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompleteDraft } from '@countersign/records';
import { generateSignerKey, parseSignerKey, type NoteSigner } from '@countersign/tlog';
import { createLog } from '../create-log.ts';
import type { Layout } from '../layout.ts';
import type { Log } from '../log.ts';
import { openLog, type OpenLogOptions } from '../open-log.ts';
import { verifyLog, type VerifyLogOptions } from '../verify/verify-log.ts';
import type { Verdict } from '../verify/verdict.ts';
import { checkLog } from './check-log.ts';

/** Segments of 256 records: their ends are reached quickly. */
export const SMALL_LAYOUT: Layout = {
  segmentRecords: 256,
  entriesChunk: 16 << 10,
  contentsChunk: 16 << 10,
};

export const ORIGIN = 'log.example.com/test';
export const KEY_SEED: Uint8Array = new Uint8Array(32).fill(7);

/** A plain record with this number. */
export function draftOf(seq: number, changes: Partial<CompleteDraft> = {}): CompleteDraft {
  return {
    seq,
    time: '2026-11-22T05:00:00.000Z',
    event: 'AUTHZ',
    outcome: 'Failure',
    category: 'AuthorizationFailure',
    operation: 'Encountered',
    level: 'Warning',
    retention: 'normal',
    content: {
      actor: { id: `user-${seq % 7}`, name: 'Zoë', kind: 'user', roles: ['Administrator'] },
      source: { system: 'countersign', component: 'server' },
      authorization: { resource: 'audit.records', operation: 'read', roles: ['Administrator'] },
    },
    ...changes,
  };
}

/** Drafts numbered `from` to `to`, both included. */
export function draftsOf(from: number, to: number): CompleteDraft[] {
  return Array.from({ length: to - from + 1 }, (_, i) => draftOf(from + i));
}

/** The record that says that the content of another one is erased. */
export function erasedDraft(seq: number, index: number): CompleteDraft {
  const attributes: [string, string][] = [['Index', String(index)]];
  return draftOf(seq, {
    event: 'AUDIT_DATA_ERASED',
    outcome: 'Success',
    retention: 'extended',
    content: { ...draftOf(seq).content, attributes },
  });
}

/** A log in a folder of its own, with a key. */
export class TestLog {
  readonly root: string;
  readonly dir: string;
  readonly origin: string;
  readonly signers: readonly NoteSigner[];
  readonly layout: Layout;

  private constructor(layout: Layout, signers: readonly NoteSigner[]) {
    this.root = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
    this.dir = join(this.root, 'log');
    this.origin = ORIGIN;
    this.signers = signers;
    this.layout = layout;
  }

  static async create(layout: Layout = SMALL_LAYOUT): Promise<TestLog> {
    const signer = parseSignerKey(generateSignerKey(ORIGIN, 'ed25519', KEY_SEED));
    const log = new TestLog(layout, [signer]);
    const { dir, origin, signers } = log;
    await createLog({ dir, origin, signers, layout });
    return log;
  }

  open(options: Partial<OpenLogOptions> = {}): Promise<Log> {
    const { dir, origin, signers, layout } = this;
    return openLog({ dir, origin, signers, layout, ...options });
  }

  /** Checks everything about the published log, by `checkLog` and by `verifyLog`. Throws unless all is right. */
  async check(size: number, { whole = true }: { readonly whole?: boolean } = {}): Promise<void> {
    await checkLog(this.dir, this.#verifiers(), size, { layout: this.layout });
    if (!whole) return;
    const verdict = await this.verify();
    if (!verdict.ok || verdict.size !== size) {
      throw new Error(`expected ${size} verified records, got ${JSON.stringify(verdict, null, 1)}`);
    }
  }

  verify(options: Partial<VerifyLogOptions> = {}): Promise<Verdict> {
    return verifyLog({
      dir: this.dir,
      verifiers: this.#verifiers(),
      layout: this.layout,
      workers: 0,
      patienceMs: 0,
      ...options,
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #verifiers() {
    return this.signers.map(({ verifier }) => verifier);
  }
}
