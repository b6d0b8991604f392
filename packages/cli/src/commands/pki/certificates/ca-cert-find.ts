import type { Command } from 'commander';
import { Option } from 'commander';
import { wholeNumber } from '../../../options.ts';
import { detailOf, showAll, showOne, summaryOf } from '../../../pki/certificates/print.ts';
import {
  certificateId,
  certificatePath,
  CERTIFICATES,
  parseReference,
  REFERENCE_HELP,
} from '../../../pki/certificates/reference.ts';
import type {
  Certificate,
  CertificateDetail,
  CertificatePage,
  TimelineStep,
} from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printEntries, type Field } from '../../../pki/print.ts';
import { collectionId } from './collection.ts';

const FIND_HELP = `
QUERY is a certificate query, as in the portal; without one, everything you may see. What is expired or revoked is left
out, unless asked for. --json prints {total, entries, next}; --after NEXT goes on behind them.

  countersign -n operator ca-cert-find
  countersign -n operator ca-cert-find 'CN -contains "www" AND NotAfter -lt "%TODAY+30%"' --sort notAfter
  countersign -n operator ca-cert-find --collection 'TLS servers' --include-revoked --size 1000`;

/** The server gives so many at once. */
const PAGE = 500;

interface FindOptions {
  readonly collection?: string;
  readonly includeExpired?: true;
  readonly includeRevoked?: true;
  readonly sort?: string;
  readonly order?: 'asc' | 'desc';
  readonly size: number;
  readonly after?: string;
}

/** Finding certificates and looking at one. */
export function registerCaCertFind(program: Command): void {
  pkiCommand(program, 'ca-cert-find [query]', 'find certificates')
    .option('--collection <collection>', 'only those of a collection, by its name or ID')
    .option('--include-expired', 'also those that have expired')
    .option('--include-revoked', 'also those that are revoked')
    .option('--sort <column>', 'column to sort by, e.g. notAfter (default: id)')
    .addOption(new Option('--order <order>', 'of the sorting').choices(['asc', 'desc']))
    .option('--size <n>', 'show so many at most', wholeNumber(1, 1_000_000), 100)
    .option('--after <next>', 'go on behind what an earlier answer ended with')
    .addHelpText('after', FIND_HELP)
    .action(signedIn<FindOptions, [query?: string]>(findCertificates));

  pkiCommand(program, 'ca-cert-show <certificate>', 'show a certificate')
    .addHelpText('after', REFERENCE_HELP)
    .action(
      signedIn<unknown, [certificate: string]>(
        async ({ session, output }, text) => {
          const path = certificatePath(await certificateId(session, text));
          const certificate = await session.json<CertificateDetail>('GET', path);
          showOne(output, `Certificate "${text}"`, certificate, detailOf);
        },
        (_, text) => void parseReference(text),
      ),
    );

  pkiCommand(
    program,
    'cert-timeline <certificate>',
    'what has happened to a certificate, with the record of each step',
  )
    .addHelpText('after', REFERENCE_HELP)
    .action(
      signedIn<unknown, [certificate: string]>(
        async ({ session, output }, text) => {
          const path = certificatePath(await certificateId(session, text), 'timeline');
          const { steps, more } = await session.json<{ steps: TimelineStep[]; more: boolean }>(
            'GET',
            path,
          );
          showAll(output, steps, stepFields);
          if (more) output.say('there are more: search the records for its fingerprint');
        },
        (_, text) => void parseReference(text),
      ),
    );

  registerCertAccess(program);
}

/** An account, and what it may do with a certificate. */
interface AccountAccess {
  readonly username: string;
  readonly name: string;
  readonly operations: readonly { readonly operation: string; readonly by: string }[];
}

/** `cert-access`: for those who may see who holds what. */
function registerCertAccess(program: Command): void {
  pkiCommand(program, 'cert-access <certificate>', 'who may do what with a certificate, and why')
    .addHelpText('after', REFERENCE_HELP)
    .action(
      signedIn<unknown, [certificate: string]>(
        async ({ session, output }, text) => {
          const path = certificatePath(await certificateId(session, text), 'access');
          const { accounts } = await session.json<{ accounts: AccountAccess[] }>('GET', path);
          showAll(output, accounts, accessFields);
        },
        (_, text) => void parseReference(text),
      ),
    );
}

function accessFields({ username, name, operations }: AccountAccess): Field[] {
  return [
    ['User ID', username],
    ['Full name', name],
    ['Rights', operations.map(({ operation, by }) => `${operation}: ${by}`)],
  ];
}

async function findCertificates(
  { session, output, options }: PkiRun<FindOptions>,
  query?: string,
): Promise<void> {
  const { includeExpired, includeRevoked, sort, order, size } = options;
  const collection =
    options.collection === undefined ? undefined : await collectionId(session, options.collection);
  const found: Certificate[] = [];
  let after = options.after;
  let total: number;
  do {
    const page: CertificatePage = await session.json('GET', CERTIFICATES, {
      query: {
        query: query === '' ? undefined : query,
        collection,
        includeExpired: String(includeExpired === true),
        includeRevoked: String(includeRevoked === true),
        sort,
        order,
        after,
        limit: Math.min(PAGE, size - found.length),
      },
    });
    found.push(...page.certificates);
    ({ total } = page);
    after = page.next ?? undefined;
  } while (after !== undefined && found.length < size);
  if (output.json) {
    output.printJson({ total, entries: found, next: after ?? null });
    return;
  }
  printEntries(output, found.map(summaryOf), total);
  if (after !== undefined) output.say(`there are more: --after ${after}`);
}

function stepFields(step: TimelineStep): Field[] {
  return [
    ['Record', step.index],
    ['Time', step.time],
    ['Event', step.event],
    ['Operation', step.operation],
    ['Outcome', step.outcome],
    ['Actor', step.actor],
    ['What', step.sentence],
    ['Comment', step.comment],
  ];
}
