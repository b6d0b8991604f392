import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { HOLD, parseMoment, parseReason, reasonName } from '../../../pki/certificates/arguments.ts';
import { changeAll, countMatching, matching } from '../../../pki/certificates/many.ts';
import {
  certificateIds,
  parseReference,
  REFERENCE_HELP,
} from '../../../pki/certificates/reference.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import type { PkiSession } from '../../../pki/session.ts';

const REVOKE_HELP = `${REFERENCE_HELP}
With --query every certificate that matches is revoked; without --yes the command says how many these are, and stops.
Exit code 1 when any was refused; the others are revoked.

  countersign -n operator ca-cert-revoke 17 --reason Key_Compromise --comments 'key found in a repository'
  countersign -n operator ca-cert-revoke --query 'CN -contains ".old.example.com"' --reason Superseded \\
      --comments 'the old servers are gone' --yes`;

const HOLD_HELP = `${REFERENCE_HELP}

  countersign -n operator ca-cert-hold 17 18 --comments 'laptop not found'
  countersign -n operator ca-cert-release-hold 17 18 --comments 'it was under the desk'`;

interface RevokeOptions {
  readonly query?: string;
  readonly reason: number;
  readonly comments: string;
  readonly effectiveDate?: string;
  readonly yes?: true;
}

/** Revoking certificates, holding them, and giving them free again. */
export function registerCaCertRevoke(program: Command): void {
  pkiCommand(program, 'ca-cert-revoke [certificates...]', 'revoke certificates')
    .option('--query <query>', 'every certificate that matches, as ca-cert-find finds them')
    .option('--reason <reason>', 'why, as Key_Compromise or by its number', parseReason, 0)
    .requiredOption('--comments <text>', 'why, in words')
    .option(
      '--effective-date <date>',
      'since when it is not to be relied on (default: now)',
      parseMoment,
    )
    .option('--yes', 'with --query: do it')
    .addHelpText('after', REVOKE_HELP)
    .action(signedIn<RevokeOptions, [certificates: string[]]>(revoke, checkRevoke));

  pkiCommand(program, 'ca-cert-hold <certificates...>', 'place certificates on hold')
    .requiredOption('--comments <text>', 'why, in words')
    .addHelpText('after', HOLD_HELP)
    .action(
      signedIn<{ comments: string }, [certificates: string[]]>(
        async (run, certificates) =>
          changeAll(run, await certificateIds(run.session, certificates), {
            path: 'revoke',
            body: { reason: HOLD, comment: run.options.comments },
            verb: 'Placed on hold',
          }),
        (_, certificates) => certificates.forEach(parseReference),
      ),
    );

  pkiCommand(program, 'ca-cert-release-hold <certificates...>', 'take certificates off hold')
    .requiredOption('--comments <text>', 'why, in words')
    .addHelpText('after', HOLD_HELP)
    .action(
      signedIn<{ comments: string }, [certificates: string[]]>(
        async (run, certificates) =>
          changeAll(run, await certificateIds(run.session, certificates), {
            path: 'release',
            body: { comment: run.options.comments },
            verb: 'Taken off hold',
          }),
        (_, certificates) => certificates.forEach(parseReference),
      ),
    );
}

function checkRevoke({ query, yes }: RevokeOptions, certificates: readonly string[]): void {
  if ((query === undefined) === (certificates.length === 0))
    throw new CliError('usage', 'expected either certificates or --query');
  if (yes && query === undefined)
    throw new CliError('usage', '--yes goes with --query: certificates that are named are meant');
  certificates.forEach(parseReference);
}

async function revoke(run: PkiRun<RevokeOptions>, certificates: readonly string[]): Promise<void> {
  const { session, options } = run;
  const { query, reason, comments, effectiveDate, yes } = options;
  const ids =
    query === undefined
      ? await certificateIds(session, certificates)
      : await confirmed(session, query, yes === true);
  await changeAll(run, ids, {
    path: 'revoke',
    body: { reason, comment: comments, effectiveDate },
    verb: reason === HOLD ? 'Placed on hold' : `Revoked (${reasonName(reason)})`,
  });
}

/** What `--query` finds, of what can be revoked. @throws CliError `usage` without `--yes`, with how many these are */
async function confirmed(session: PkiSession, query: string, yes: boolean): Promise<number[]> {
  const current = true;
  if (yes) return matching(session, query, { current });
  const total = await countMatching(session, query, { current });
  if (total === 0) return [];
  throw new CliError(
    'usage',
    `--query matches ${total} certificate(s) that are neither expired nor revoked; --yes revokes them`,
    { details: { total } },
  );
}
