import type { Command } from 'commander';
import { repeated } from '../../options.ts';
import { readPasswordFile } from '../../password.ts';
import type { Identity } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntry, printMessage, type Field } from '../../pki/print.ts';
import type { PkiSession } from '../../pki/session.ts';
import { CliError } from '../../errors.ts';

const IDENTITIES = '/api/v1/security/identities';

const ADD_HELP = `
Without --password-file the server makes a password up; it goes to stdout alone, this once.

  countersign -n caadmin ca-user-add jdoe --fullName 'Jane Doe' --role RA > jdoe.password
  countersign -n caadmin ca-user-add jdoe --fullName 'Jane Doe' --password-file jdoe.password --json`;

interface AddOptions {
  readonly fullName: string;
  readonly email?: string;
  readonly alias?: string;
  readonly role: readonly string[];
  readonly passwordFile?: string;
}

interface ModifyOptions {
  readonly fullName?: string;
  readonly email?: string;
  readonly alias?: string;
  readonly disable?: true;
  readonly enable?: true;
}

/** The commands on users, beside `ca-user-find`. */
export function registerCaUsers(program: Command): void {
  pkiCommand(program, 'ca-user-show <user>', 'show a user').action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      const identity = await readIdentity(session, user);
      if (output.json) output.printJson(identity);
      else printEntry(output.print, `User "${user}"`, fieldsOf(identity));
    }),
  );

  pkiCommand(program, 'ca-user-add <user>', 'add a user')
    .requiredOption('--fullName <name>', 'full name')
    .option('--email <address>', 'e-mail address')
    .option('--alias <name>', "name by which Dogtag's tools and access rules know the user")
    .option('--role <role>', 'role to hold; may be repeated', repeated, [])
    .option('--password-file <file>', 'its first line is the password')
    .addHelpText('after', ADD_HELP)
    .action(signedIn<AddOptions, [user: string]>(addUser));

  pkiCommand(program, 'ca-user-mod <user>', 'change, disable or enable a user')
    .option('--fullName <name>', 'full name')
    .option('--email <address>', "e-mail address; '' for none")
    .option('--alias <name>', "name in Dogtag's tools and access rules; '' for none")
    .option('--disable', 'end the sessions and sign in no more')
    .option('--enable', 'sign in again')
    .action(
      signedIn<ModifyOptions, [user: string]>(async ({ session, output, options }, user) => {
        const body = changeOf(options);
        const identity = await session.json<Identity>('PATCH', pathOf(user), { body });
        if (output.json) output.printJson(identity);
        else printEntry(output.print, `Modified user "${user}"`, fieldsOf(identity));
      }, changeOf),
    );

  pkiCommand(program, 'ca-user-del <user>', 'delete a user with credentials and sessions').action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      await session.send('DELETE', pathOf(user));
      if (output.json) output.printJson({ deleted: user });
      else printMessage(output.print, `Deleted user "${user}"`);
    }),
  );

  pkiCommand(
    program,
    'ca-user-unlock <user>',
    'end the lock that followed too many wrong passwords',
  ).action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      await session.send('POST', pathOf(user, 'unlock'));
      if (output.json) output.printJson({ unlocked: user });
      else printMessage(output.print, `Unlocked user "${user}"`);
    }),
  );

  pkiCommand(
    program,
    'ca-user-password-reset <user>',
    'have a new password made up; it goes to stdout alone, this once',
  ).action(
    signedIn<unknown, [user: string]>(async ({ session, output }, user) => {
      const made = await session.json<{ password: string }>('POST', pathOf(user, 'password'));
      if (output.json) {
        output.printJson(made);
        return;
      }
      printMessage(output.say, `Reset password of user "${user}"`);
      output.print(made.password);
    }),
  );
}

async function addUser(
  { session, output, options }: PkiRun<AddOptions>,
  username: string,
): Promise<void> {
  const { fullName: name, email, alias, role: roles, passwordFile } = options;
  const password = passwordFile === undefined ? undefined : await readPasswordFile(passwordFile);
  const created = await session.json<{ identity: Identity; password: string | null }>(
    'POST',
    IDENTITIES,
    { body: { username, name, email, alias, roles, password } },
  );
  if (output.json) {
    output.printJson(created);
    return;
  }
  const write = created.password === null ? output.print : output.say;
  printEntry(write, `Added user "${username}"`, fieldsOf(created.identity));
  if (roles.length === 0)
    output.say('nobody signs in without a role: ca-user-membership-add gives one');
  if (created.password === null) return;
  output.say('its password is printed this once:');
  output.print(created.password);
}

/** What `ca-user-mod` sends. @throws CliError `usage` */
function changeOf(options: ModifyOptions): Record<string, unknown> {
  const { fullName, email, alias, disable, enable } = options;
  if (disable && enable) throw new CliError('usage', '--disable and --enable exclude each other');
  const change = {
    ...(fullName !== undefined && { name: fullName }),
    ...(email !== undefined && { email: email === '' ? null : email }),
    ...(alias !== undefined && { alias: alias === '' ? null : alias }),
    ...(disable && { disabled: true }),
    ...(enable && { disabled: false }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(
    'usage',
    'expected something to change: --fullName, --email, --alias, --disable or --enable',
  );
}

/** One user, by user name or by the name that Dogtag's tools know. */
export function readIdentity(session: PkiSession, user: string): Promise<Identity> {
  return session.json<Identity>('GET', pathOf(user));
}

/** The path of a user, or of something of his. */
export function pathOf(user: string, ...rest: readonly string[]): string {
  return [IDENTITIES, ...[user, ...rest].map(encodeURIComponent)].join('/');
}

/** A user as `ca-user-show` prints him. */
function fieldsOf(identity: Identity): Field[] {
  const { username, alias, lockedUntil } = identity;
  const state = identity.disabled
    ? 'disabled'
    : lockedUntil === null
      ? 'enabled'
      : `locked until ${lockedUntil}`;
  return [
    ['User ID', alias ?? username],
    ['User name', alias === null ? null : username],
    ['Full name', identity.name],
    ['Email', identity.email],
    ['Type', identity.kind],
    ['State', state],
    ['Identity provider', identity.provider],
    ['Roles', identity.roles],
    ['Certificates', identity.certificates.map(({ fingerprint }) => fingerprint)],
    ['Created', identity.createdAt],
  ];
}
