import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { repeated } from '../../options.ts';
import type { Role } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';
import type { PkiSession } from '../../pki/session.ts';
import { addMembership, removeMembership } from './ca-user-membership.ts';

const ROLES = '/api/v1/security/roles';

const MODIFY_HELP = `
A permission is resource:operation, or one of Keyfactor's names for it (permission-find lists them).

  countersign -n caadmin ca-group-add Observers --description 'May look' --permission certServer.acl.configuration:read
  countersign -n caadmin ca-group-mod Observers --add-permission /auditing/read/
  countersign -n caadmin ca-group-mod Observers --permission certServer.acl.configuration:read --exclusive`;

interface AddOptions {
  readonly description?: string;
  readonly permission?: readonly string[];
  readonly group?: readonly string[];
  readonly exclusive?: boolean;
}

interface ModifyOptions extends AddOptions {
  readonly name?: string;
  readonly addPermission?: readonly string[];
  readonly removePermission?: readonly string[];
}

/** The commands on roles, which Dogtag calls groups. */
export function registerCaGroups(program: Command): void {
  pkiCommand(
    program,
    'ca-group-find [filter]',
    'find roles, by a part of name or description',
  ).action(
    signedIn<unknown, [filter?: string]>(async ({ session, output }, filter = '') => {
      const { roles } = await session.json<{ roles: Role[] }>('GET', ROLES);
      const wanted = filter.toLowerCase();
      const found = roles.filter(({ name, description, groups }) =>
        [name, description, ...groups].some((text) => text.toLowerCase().includes(wanted)),
      );
      if (output.json) output.printJson({ total: found.length, entries: found });
      else printEntries(output, found.map(summaryOf));
    }),
  );

  pkiCommand(program, 'ca-group-show <role>', 'show a role: what it may, and who holds it').action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      const role = await readRole(session, name);
      if (output.json) output.printJson(role);
      else printEntry(output.print, `Group "${name}"`, fieldsOf(role));
    }),
  );

  withRoleOptions(pkiCommand(program, 'ca-group-add <role>', 'add a role'))
    .addHelpText('after', MODIFY_HELP)
    .action(
      signedIn<AddOptions, [name: string]>(async ({ session, output, options }, name) => {
        const { description = '', permission: permissions = [], group, exclusive } = options;
        const body = { name, description, permissions, groups: group, exclusive };
        const role = await session.json<Role>('POST', ROLES, { body });
        if (output.json) output.printJson(role);
        else printEntry(output.print, `Added group "${name}"`, fieldsOf(role));
      }),
    );

  withRoleOptions(pkiCommand(program, 'ca-group-mod <role>', 'change a role'))
    .option('--name <name>', 'give it another name')
    .option('--add-permission <permission>', 'grant; may be repeated', repeated)
    .option('--remove-permission <permission>', 'withdraw; may be repeated', repeated)
    .addHelpText('after', MODIFY_HELP)
    .action(signedIn<ModifyOptions, [name: string]>(modifyRole, checkModify));

  pkiCommand(program, 'ca-group-del <role>', 'delete a role; its members lose it').action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      await session.send('DELETE', pathOf(name));
      if (output.json) output.printJson({ deleted: name });
      else printMessage(output.print, `Deleted group "${name}"`);
    }),
  );

  pkiCommand(program, 'ca-group-member-find <role>', 'list who holds a role').action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      const { members } = await readRole(session, name);
      if (output.json) output.printJson({ total: members.length, entries: members });
      else
        printEntries(
          output,
          members.map((user) => [['User', user]]),
        );
    }),
  );
  pkiCommand(program, 'ca-group-member-add <role> <user>', 'let a user hold a role').action(
    signedIn<unknown, [role: string, user: string]>((run, role, user) =>
      addMembership(run, user, role),
    ),
  );
  pkiCommand(program, 'ca-group-member-del <role> <user>', 'take a role from a user').action(
    signedIn<unknown, [role: string, user: string]>((run, role, user) =>
      removeMembership(run, user, role),
    ),
  );
}

function withRoleOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--permission <permission>', 'all that it may; to be repeated', repeated)
    .option('--group <name>', 'its name in access rules beside its own; may be repeated', repeated)
    .option('--exclusive', 'nobody holds it together with another role')
    .option('--no-exclusive', 'it goes together with others');
}

function checkModify({
  permission,
  addPermission,
  removePermission,
  ...rest
}: ModifyOptions): void {
  if (permission !== undefined && (addPermission ?? removePermission) !== undefined) {
    throw new CliError(
      'usage',
      '--permission names all permissions; it excludes --add-permission and --remove-permission',
    );
  }
  const { name, description, group, exclusive } = rest;
  const given = [permission, addPermission, removePermission, name, description, group, exclusive];
  if (given.every((value) => value === undefined))
    throw new CliError('usage', 'expected something to change, got no option');
}

async function modifyRole(
  { session, output, options }: PkiRun<ModifyOptions>,
  name: string,
): Promise<void> {
  const { name: newName, description, group: groups, exclusive } = options;
  const permissions = await changedPermissions(session, name, options);
  const body = { name: newName, description, groups, exclusive, permissions };
  const role = await session.json<Role>('PATCH', pathOf(name), { body });
  if (output.json) output.printJson(role);
  else printEntry(output.print, `Modified group "${name}"`, fieldsOf(role));
}

/** All permissions of the role as they are to be; undefined: as they are. What access rules grant is not the role's. */
async function changedPermissions(
  session: PkiSession,
  name: string,
  { permission, addPermission = [], removePermission = [] }: ModifyOptions,
): Promise<readonly string[] | undefined> {
  if (addPermission.length === 0 && removePermission.length === 0) return permission;
  const { permissions } = await readRole(session, name);
  const own = permissions.filter(({ from }) => from === 'role');
  const kept = new Set(own.map(({ resource, operation }) => `${resource}:${operation}`));
  for (const wanted of removePermission) {
    const found = own.find(
      ({ resource, operation, names }) =>
        `${resource}:${operation}` === wanted || names.includes(wanted),
    );
    if (found === undefined) {
      throw new CliError(
        'usage',
        `--remove-permission "${wanted}" is not granted to the role "${name}" itself`,
      );
    }
    kept.delete(`${found.resource}:${found.operation}`);
  }
  return [...kept, ...addPermission];
}

function readRole(session: PkiSession, name: string): Promise<Role> {
  return session.json<Role>('GET', pathOf(name));
}

function pathOf(name: string): string {
  return `${ROLES}/${encodeURIComponent(name)}`;
}

function summaryOf({ name, description, exclusive, builtIn, members }: Role): Field[] {
  return [
    ['Group ID', name],
    ['Description', description],
    ['Built-in', builtIn ? true : null],
    ['Exclusive', exclusive ? true : null],
    ['Number of members', members.length],
  ];
}

function fieldsOf(role: Role): Field[] {
  return [
    ['Group ID', role.name],
    ['Description', role.description],
    ['Built-in', role.builtIn ? true : null],
    ['Exclusive', role.exclusive ? true : null],
    ['Names in access rules', role.groups],
    [
      'Permissions',
      role.permissions.map(
        ({ resource, operation, from }) =>
          `${resource}:${operation}${from === 'rule' ? ' (by access rule)' : ''}`,
      ),
    ],
    ['Members', role.members],
    ['Claims', role.claims.map(({ provider, type, value }) => `${provider}: ${type}=${value}`)],
  ];
}
