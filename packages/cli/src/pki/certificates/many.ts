import { EXIT_TROUBLE } from '../../errors.ts';
import type { Output } from '../../output.ts';
import { createProgress } from '../../progress.ts';
import type { PkiRun } from '../command.ts';
import { printMessage } from '../print.ts';
import type { PkiSession } from '../session.ts';
import { CERTIFICATES } from './reference.ts';
import type { CertificatePage, Refused } from './types.ts';

/** So many numbers at most in one request. */
const BATCH = 100;
/** The server gives so many at once. */
const PAGE = 500;

/** What is done with many certificates. */
export interface Change {
  readonly path: 'revoke' | 'release' | 'delete' | 'metadata';
  /** What is sent beside the numbers. */
  readonly body: Readonly<Record<string, unknown>>;
  /** As the result says it: `Revoked`. */
  readonly verb: string;
}

/** The member of `--json` that has the numbers. */
const DONE = {
  revoke: 'revoked',
  release: 'released',
  delete: 'deleted',
  metadata: 'changed',
} as const;

/** Numbers of what a query finds now: these and no others are meant, also when more match in the meantime. */
export async function matching(
  session: PkiSession,
  query: string,
  { current }: { readonly current: boolean },
): Promise<number[]> {
  const ids: number[] = [];
  let after: string | undefined;
  do {
    const page = await find(session, { query, current, after, limit: PAGE });
    ids.push(...page.certificates.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}

/** How many these are. */
export async function countMatching(
  session: PkiSession,
  query: string,
  { current }: { readonly current: boolean },
): Promise<number> {
  return (await find(session, { query, current, limit: 1 })).total;
}

/** `current`: neither expired nor revoked. */
function find(
  session: PkiSession,
  {
    current,
    ...page
  }: { query: string; current: boolean; after?: string | undefined; limit: number },
): Promise<CertificatePage> {
  const others = String(!current);
  return session.json<CertificatePage>('GET', CERTIFICATES, {
    query: { ...page, includeExpired: others, includeRevoked: others, sort: 'id', order: 'asc' },
  });
}

/** Does it batch by batch, with progress; exit code 1 when any was refused. */
export async function changeAll(
  { session, output }: PkiRun<unknown>,
  ids: readonly number[],
  change: Change,
): Promise<void> {
  const progress = createProgress(change.verb.toLowerCase(), output);
  const done: number[] = [];
  const refused: Refused[] = [];
  try {
    for (let at = 0; at < ids.length; at += BATCH) {
      const batch = ids.slice(at, at + BATCH);
      const result = await session.json<{ refused: readonly Refused[] }>(
        'POST',
        `${CERTIFICATES}/${change.path}`,
        { body: { ...change.body, ids: batch } },
      );
      const not = new Set(result.refused.map(({ id }) => id));
      done.push(...batch.filter((id) => !not.has(id)));
      refused.push(...result.refused);
      progress.update(done.length + refused.length, ids.length);
    }
  } finally {
    progress.end();
  }
  if (refused.length > 0) process.exitCode = EXIT_TROUBLE;
  report(output, change, done, refused);
}

function report(
  output: Output,
  { path, verb }: Change,
  done: readonly number[],
  refused: readonly Refused[],
): void {
  if (output.json) {
    output.printJson({ [DONE[path]]: done, refused });
    return;
  }
  printMessage(output.print, `${verb}: ${done.length} certificate(s)`);
  for (const id of done) output.print(`  Cert ID: ${id}`);
  for (const { id, code, detail } of refused)
    output.say(`refused: certificate ${id}: ${code}: ${detail}`);
}
