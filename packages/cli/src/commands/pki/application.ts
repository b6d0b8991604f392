import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { repeated } from '../../options.ts';
import type { Output } from '../../output.ts';
import type { Application } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';

const APPLICATIONS = '/api/v1/security/applications';

const ADD_HELP = `
The secret goes to stdout alone, this once; requests carry KEY:SECRET as \`Authorization: Basic\`.

  countersign -n caadmin application-add monitoring --role RA > monitoring.secret`;

interface AddOptions {
  readonly description?: string;
  readonly role: readonly string[];
}

interface ModifyOptions {
  readonly description?: string;
  readonly role?: readonly string[];
  readonly disable?: true;
  readonly enable?: true;
}

/** The commands on API applications: programs with a key and a secret of their own. */
export function registerApplications(program: Command): void {
  pkiCommand(program, 'application-find', 'list the API applications').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { applications } = await session.json<{ applications: Application[] }>(
        'GET',
        APPLICATIONS,
      );
      if (output.json) output.printJson({ total: applications.length, entries: applications });
      else printEntries(output, applications.map(fieldsOf));
    }),
  );

  pkiCommand(program, 'application-add <name>', 'add an API application')
    .option('--description <text>', 'what it is for')
    .option('--role <role>', 'role to hold; may be repeated', repeated, [])
    .addHelpText('after', ADD_HELP)
    .action(
      signedIn<AddOptions, [name: string]>(async ({ session, output, options }, name) => {
        const { description, role: roles } = options;
        const made = await session.json<{ application: Application; secret: string }>(
          'POST',
          APPLICATIONS,
          { body: { name, description, roles } },
        );
        if (output.json) {
          output.printJson(made);
          return;
        }
        printEntry(output.say, `Added application "${name}"`, fieldsOf(made.application));
        printSecret(output, made.secret);
      }),
    );

  pkiCommand(program, 'application-mod <name>', 'change, disable or enable an API application')
    .option('--description <text>', 'what it is for')
    .option('--role <role>', 'all roles it is to hold; to be repeated', repeated)
    .option('--disable', 'refuse its key')
    .option('--enable', 'take its key again')
    .action(
      signedIn<ModifyOptions, [name: string]>(async ({ session, output, options }, name) => {
        const body = changeOf(options);
        const application = await session.json<Application>('PATCH', pathOf(name), { body });
        if (output.json) output.printJson(application);
        else printEntry(output.print, `Modified application "${name}"`, fieldsOf(application));
      }, changeOf),
    );

  pkiCommand(program, 'application-del <name>', 'delete an API application').action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      await session.send('DELETE', pathOf(name));
      if (output.json) output.printJson({ deleted: name });
      else printMessage(output.print, `Deleted application "${name}"`);
    }),
  );

  pkiCommand(
    program,
    'application-secret-reset <name>',
    'have a new secret made up; it goes to stdout alone, this once',
  ).action(
    signedIn<unknown, [name: string]>(async ({ session, output }, name) => {
      const made = await session.json<{ secret: string }>('POST', `${pathOf(name)}/secret`);
      if (output.json) {
        output.printJson(made);
        return;
      }
      printMessage(output.say, `Reset secret of application "${name}"`);
      printSecret(output, made.secret);
    }),
  );
}

function printSecret(output: Output, secret: string): void {
  output.say('its secret is printed this once:');
  output.print(secret);
}

/** What `application-mod` sends. @throws CliError `usage` */
function changeOf({ description, role, disable, enable }: ModifyOptions): Record<string, unknown> {
  if (disable && enable) throw new CliError('usage', '--disable and --enable exclude each other');
  const change = {
    ...(description !== undefined && { description }),
    ...(role !== undefined && { roles: role }),
    ...(disable && { disabled: true }),
    ...(enable && { disabled: false }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(
    'usage',
    'expected something to change: --description, --role, --disable or --enable',
  );
}

function pathOf(name: string): string {
  return `${APPLICATIONS}/${encodeURIComponent(name)}`;
}

function fieldsOf(application: Application): Field[] {
  return [
    ['Application', application.name],
    ['Description', application.description],
    ['Key', application.key],
    ['State', application.disabled ? 'disabled' : 'enabled'],
    ['Roles', application.roles],
    ['Created', application.createdAt],
    ['Created by', application.createdBy],
  ];
}
