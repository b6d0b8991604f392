import type { Command } from 'commander';
import { wholeNumber } from '../../options.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, type Field } from '../../pki/print.ts';

/** A user in Dogtag's shape (`/ca/v2/admin/users`). */
interface DogtagUser {
  readonly id?: string;
  readonly UserID?: string;
  readonly FullName?: string | null;
  readonly Email?: string | null;
  readonly Type?: string | null;
  readonly State?: string | null;
}

interface FindOptions {
  readonly start?: number;
  readonly size?: number;
}

const HELP = `
  countersign -n caadmin ca-user-find
  countersign -n caadmin ca-user-find aud --json`;

export function registerCaUserFind(program: Command): void {
  pkiCommand(program, 'ca-user-find [filter]', 'find users')
    .option('--start <n>', 'leave out so many', wholeNumber(0, Number.MAX_SAFE_INTEGER))
    .option('--size <n>', 'show so many at most', wholeNumber(1, 10_000))
    .addHelpText('after', HELP)
    .action(
      signedIn<FindOptions, [filter?: string]>(async ({ session, output, options }, filter) => {
        const query = { filter, start: options.start, size: options.size };
        const found = await session.json<{ total: number; entries: DogtagUser[] }>(
          'GET',
          '/ca/v2/admin/users',
          { query },
        );
        if (output.json) output.printJson(found);
        else printEntries(output, found.entries.map(fieldsOf), found.total);
      }),
    );
}

function fieldsOf(user: DogtagUser): Field[] {
  return [
    ['User ID', user.UserID ?? user.id],
    ['Full name', user.FullName],
    ['Email', user.Email],
    ['Type', user.Type],
    ['State', user.State],
  ];
}
