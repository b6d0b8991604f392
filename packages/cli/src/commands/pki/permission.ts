import type { Command } from 'commander';
import type { Permission } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, type Field } from '../../pki/print.ts';

/** `permission-find`: every right there is, with its names. */
export function registerPermissions(program: Command): void {
  pkiCommand(
    program,
    'permission-find [filter]',
    "find rights, by a part of resource, description or one of Keyfactor's names",
  ).action(
    signedIn<unknown, [filter?: string]>(async ({ session, output }, filter = '') => {
      const { permissions } = await session.json<{ permissions: Permission[] }>(
        'GET',
        '/api/v1/security/permissions',
      );
      const wanted = filter.toLowerCase();
      const found = permissions.filter(({ resource, description, area, operations }) =>
        [resource, description, area, ...operations.flatMap(({ names }) => names)].some((text) =>
          text.toLowerCase().includes(wanted),
        ),
      );
      if (output.json) output.printJson({ total: found.length, entries: found });
      else printEntries(output, found.map(fieldsOf));
    }),
  );
}

function fieldsOf({ resource, description, area, reserved, operations }: Permission): Field[] {
  return [
    ['Resource ID', resource],
    ['Description', description],
    ['Area', area],
    ['Reserved for exclusive roles', reserved ? true : null],
    [
      'Operations',
      operations.map(({ operation, names }) =>
        names.length === 0 ? operation : `${operation}: ${names.join(', ')}`,
      ),
    ],
  ];
}
