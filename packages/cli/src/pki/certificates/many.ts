import { CliError, EXIT_TROUBLE } from '../../errors.ts';
import type { Output } from '../../output.ts';
import { createProgress } from '../../progress.ts';
import type { PkiRun } from '../command.ts';
import { printMessage } from '../print.ts';
import type { PkiSession } from '../session.ts';
import { CERTIFICATES } from './reference.ts';
import type { CertificatePage, ManyResult, Refused } from './types.ts';

/** So many numbers at most in one request. */
const BATCH = 100;
/** The server gives so many at once. */
const PAGE = 500;

/** What is done with many certificates. */
export interface Change {
  readonly path: 'revoke' | 'release' | 'delete';
  /** What is sent beside the numbers. */
  readonly body: Readonly<Record<string, unknown>>;
  /** As the result says it: `Revoked`. */
  readonly verb: string;
}

/** The member of the answer that has the numbers. */
const DONE = { revoke: 'revoked', release: 'released', delete: 'deleted' } as const;

/**
 * What a query finds now, of what is neither expired nor revoked: these and no others are meant, also when more match in
 * the meantime.
 *
 * @throws CliError `usage` unless it was confirmed
 */
export async function matching(
  session: PkiSession,
  query: string,
  confirmed: boolean,
  verb: string,
): Promise<number[]> {
  const ids: number[] = [];
  let after: string | undefined;
  do {
    const page: CertificatePage = await session.json('GET', CERTIFICATES, {
      query: {
        query,
        includeExpired: 'false',
        includeRevoked: 'false',
        sort: 'id',
        order: 'asc',
        after,
        limit: confirmed ? PAGE : 1,
      },
    });
    if (!confirmed && page.total > 0)
      throw new CliError(
        'usage',
        `--query matches ${page.total} certificate(s) that are neither expired nor revoked; --yes ${verb} them`,
        { details: { total: page.total } },
      );
    ids.push(...page.certificates.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
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
      const result = await session.json<ManyResult>('POST', `${CERTIFICATES}/${change.path}`, {
        body: { ...change.body, ids: ids.slice(at, at + BATCH) },
      });
      done.push(...(result[DONE[change.path]] ?? []));
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
