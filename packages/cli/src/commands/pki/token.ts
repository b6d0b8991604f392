import type { Command } from 'commander';
import { repeated, wholeNumber } from '../../options.ts';
import type { Token } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';

const TOKENS = '/api/v1/account/tokens';
const MAX_DAYS = 366;

const ADD_HELP = `
The token goes to stdout alone, this once; requests carry it as \`Authorization: Bearer\`.

  countersign -n auditor token-add nightly --days 90 --scope certServer.log.content.signedAudit:read > nightly.token`;

interface AddOptions {
  readonly days: number;
  readonly scope?: readonly string[];
}

/** The commands on one's own API tokens. */
export function registerTokens(program: Command): void {
  pkiCommand(program, 'token-find', 'list your API tokens').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { tokens } = await session.json<{ tokens: Token[] }>('GET', TOKENS);
      if (output.json) output.printJson({ total: tokens.length, entries: tokens });
      else printEntries(output, tokens.map(fieldsOf));
    }),
  );
  pkiCommand(program, 'token-add <name>', 'make yourself an API token')
    .requiredOption('--days <n>', 'how long it is good for', wholeNumber(1, MAX_DAYS))
    .option(
      '--scope <right>',
      'resource:operation that it is for, all that you may unless given; may be repeated',
      repeated,
    )
    .addHelpText('after', ADD_HELP)
    .action(
      signedIn<AddOptions, [name: string]>(async ({ session, output, options }, name) => {
        const body = { name, days: options.days, scopes: options.scope };
        const made = await session.json<{ token: Token; secret: string }>('POST', TOKENS, {
          body,
        });
        if (output.json) {
          output.printJson(made);
          return;
        }
        printEntry(output.say, `Added token "${name}"`, fieldsOf(made.token));
        output.say('it is printed this once:');
        output.print(made.secret);
      }),
    );
  pkiCommand(program, 'token-del <id>', 'revoke one of your API tokens').action(
    signedIn<unknown, [id: string]>(async ({ session, output }, id) => {
      await session.send('DELETE', `${TOKENS}/${encodeURIComponent(id)}`);
      if (output.json) output.printJson({ deleted: id });
      else printMessage(output.print, `Deleted token "${id}"`);
    }),
  );
}

function fieldsOf({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: Token): Field[] {
  return [
    ['Token ID', id],
    ['Name', name],
    ['Scopes', scopes ?? 'everything its owner may'],
    ['Created', createdAt],
    ['Expires', expiresAt],
    ['Last used', lastUsedAt ?? 'never'],
  ];
}
