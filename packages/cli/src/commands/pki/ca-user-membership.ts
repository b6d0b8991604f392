import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import type { Identity } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage } from '../../pki/print.ts';
import { pathOf, readIdentity } from './ca-user.ts';

/** The commands on who holds which role, from the user's side. */
export function registerCaUserMemberships(program: Command): void {
  pkiCommand(program, 'ca-user-membership-find <user>', 'list the roles of a user').action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      const { roles } = await readIdentity(session, user);
      if (output.json) output.printJson({ total: roles.length, entries: roles });
      else
        printEntries(
          output,
          roles.map((role) => [['Group', role]]),
        );
    }),
  );
  pkiCommand(program, 'ca-user-membership-add <user> <role>', 'let a user hold a role').action(
    signedIn<unknown, [user: string, role: string]>(addMembership),
  );
  pkiCommand(program, 'ca-user-membership-del <user> <role>', 'take a role from a user').action(
    signedIn<unknown, [user: string, role: string]>(removeMembership),
  );
}

/** Lets a user hold a role beside the others. */
export async function addMembership(
  { session, output }: PkiRun<unknown>,
  user: string,
  role: string,
): Promise<void> {
  const { roles } = await readIdentity(session, user);
  if (roles.includes(role)) {
    if (output.json) output.printJson({ roles });
    else printMessage(output.print, `User "${user}" is in "${role}" already`);
    return;
  }
  const changed = await session.json<Identity>('PUT', pathOf(user, 'roles'), {
    body: { roles: [...roles, role] },
  });
  if (output.json) output.printJson(changed);
  else printEntry(output.print, `Added membership in "${role}"`, [['Group', role]]);
}

/** Takes a role from a user and leaves the others. @throws CliError `usage` when he does not hold it */
export async function removeMembership(
  { session, output }: PkiRun<unknown>,
  user: string,
  role: string,
): Promise<void> {
  const { roles } = await readIdentity(session, user);
  if (!roles.includes(role)) {
    throw new CliError(
      'usage',
      `user "${user}" is not in "${role}"; held are: ${roles.join(', ') || 'none'}`,
    );
  }
  const changed = await session.json<Identity>('PUT', pathOf(user, 'roles'), {
    body: { roles: roles.filter((held) => held !== role) },
  });
  if (output.json) output.printJson(changed);
  else printMessage(output.print, `Deleted membership in group "${role}"`);
}
