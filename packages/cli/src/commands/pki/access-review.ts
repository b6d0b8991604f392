import type { Command } from 'commander';
import type { Output } from '../../output.ts';
import { formatTable, printable } from '../../output.ts';
import type { Review } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, printEntry, printFields, type Field } from '../../pki/print.ts';

const REVIEWS = '/api/v1/security/reviews';

const SIGN_HELP = `
  countersign -n auditor access-review-create
  countersign -n auditor access-review-show 2026-Q4
  countersign -n auditor access-review-sign 2026-Q4 --comment 'jdoe has left: removed'`;

/** The commands on access reviews: each quarter's report of who holds what, signed off by an auditor. */
export function registerAccessReviews(program: Command): void {
  pkiCommand(program, 'access-review-find', 'list the access reviews').action(
    signedIn<unknown>(async ({ session, output }) => {
      const found = await session.json<{ reviews: Review[]; due: string; overdue: boolean }>(
        'GET',
        REVIEWS,
      );
      const { reviews, due, overdue } = found;
      if (output.json) {
        output.printJson({ total: reviews.length, entries: reviews, due, overdue });
        return;
      }
      printEntries(output, reviews.map(fieldsOf));
      output.say(`the review of ${due} is ${overdue ? 'overdue' : 'due'}`);
    }),
  );
  pkiCommand(program, 'access-review-create', "begin this quarter's access review").action(
    signedIn<unknown>(async ({ session, output }) => {
      const review = await session.json<Review>('POST', REVIEWS);
      if (output.json) output.printJson(review);
      else printReview(output, `Created access review "${review.period}"`, review);
    }),
  );
  pkiCommand(program, 'access-review-show <period>', 'show who held what, e.g. in 2026-Q4').action(
    signedIn<unknown, [period: string]>(async ({ session, output }, period) => {
      const review = await session.json<Review>('GET', pathOf(period));
      if (output.json) output.printJson(review);
      else printReview(output, `Access review "${period}"`, review);
    }),
  );
  pkiCommand(program, 'access-review-sign <period>', 'sign an access review off')
    .requiredOption('--comment <text>', 'what was found')
    .addHelpText('after', SIGN_HELP)
    .action(
      signedIn<{ comment: string }, [period: string]>(
        async ({ session, output, options }, period) => {
          const review = await session.json<Review>('POST', `${pathOf(period)}/sign`, {
            body: { comment: options.comment },
          });
          if (output.json) output.printJson(review);
          else printEntry(output.print, `Signed access review "${period}"`, fieldsOf(review));
        },
      ),
    );
}

function pathOf(period: string): string {
  return `${REVIEWS}/${encodeURIComponent(period)}`;
}

function fieldsOf(review: Review): Field[] {
  return [
    ['Period', review.period],
    ['Created', review.createdAt],
    ['Created by', review.createdBy],
    ['Signed', review.signedAt ?? 'not yet'],
    ['Signed by', review.signedBy],
    ['Comment', review.comment],
  ];
}

function printReview(output: Output, message: string, review: Review): void {
  const { identities, roles, conflicts, dormant } = review.report;
  printEntry(output.print, message, fieldsOf(review));
  output.print('');
  const people = identities.map((identity) => [
    printable(identity.username),
    printable(identity.roles.join(', ') || '-'),
    identity.disabled ? 'disabled' : 'enabled',
    identity.lastSignIn ?? 'never',
    String(identity.certificates),
    String(identity.tokens),
  ]);
  const header = ['USER', 'ROLES', 'STATE', 'LAST SIGN-IN', 'CERTIFICATES', 'TOKENS'];
  for (const line of formatTable(header, people, output.width)) output.print(line);
  output.print('');
  const held = roles.map(({ name, members, claims, permissions }) => [
    printable(name),
    String(members),
    String(claims),
    String(permissions.length),
  ]);
  for (const line of formatTable(['ROLE', 'MEMBERS', 'CLAIMS', 'PERMISSIONS'], held, output.width))
    output.print(line);
  const claims = roles.flatMap(({ name, claimed }) => claimed.map((claim) => `${name}: ${claim}`));
  const more: Field[] = [
    ['Claims', claims],
    [
      'Roles that exclude each other',
      conflicts.map(({ username, roles: held }) => `${username}: ${held.join(', ')}`),
    ],
    ['Not signed in for 90 days', dormant],
  ];
  if (more.some(([, lines]) => Array.isArray(lines) && lines.length > 0)) output.print('');
  printFields(output.print, more);
}
