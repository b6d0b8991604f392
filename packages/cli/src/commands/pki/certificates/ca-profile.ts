import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { writeNew } from '../../../files.ts';
import { parsePath } from '../../../options.ts';
import { parseSettings } from '../../../pki/certificates/arguments.ts';
import { readJsonObject } from '../../../pki/certificates/files.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printEntry, printMessage, type Field } from '../../../pki/print.ts';

const PROFILES = '/api/v1/templates';
const SETTINGS = '/api/v1/templates-settings';

const HELP = `
A profile is what other products call a template. --set names a member of its policy, with a value as JSON or text;
--input takes a file that ca-profile-show --output has written, - reads it from stdin. What is not named stays as it is.

  countersign -n caadmin ca-profile-show WebServer --output web.json
  countersign -n caadmin ca-profile-add Web90 --input web.json --display-name 'Web, 90 days' --set validityDays=90
  countersign -n caadmin ca-profile-mod Web90 --set requiresApproval=true --set 'keyAlgorithms=["P-256","P-384"]'`;

const IMPORT_HELP = `
FILE is what ca-profile-find --json prints at the other installation, - reads it from stdin.

  countersign -n caadmin -U https://ca1.example.com ca-profile-find --json > profiles.json
  countersign -n caadmin -U https://ca2.example.com ca-profile-import profiles.json`;

interface Profile {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface ChangeOptions {
  readonly input?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly set?: Readonly<Record<string, unknown>>;
}

/** The commands on profiles: by what rules certificates are issued. */
export function registerCaProfiles(program: Command): void {
  pkiCommand(
    program,
    'ca-profile-find',
    'list the profiles that certificates are issued by',
  ).action(
    signedIn<unknown>(async ({ session, output }) => {
      const { templates } = await session.json<{ templates: Profile[] }>('GET', PROFILES);
      showAll(output, templates, summaryOf);
    }),
  );

  pkiCommand(program, 'ca-profile-show <profile>', 'show a profile')
    .option('--output <file>', 'file to write it into, as JSON', parsePath)
    .action(
      signedIn<{ output?: string }, [profile: string]>(
        async ({ session, output, options }, name) => {
          const profile = await session.json<Profile>('GET', pathOf(name));
          if (options.output === undefined) {
            showOne(output, `Profile "${name}"`, profile, fieldsOf);
            return;
          }
          await writeNew('--output', options.output, `${JSON.stringify(profile, null, 2)}\n`);
          if (output.json) output.printJson({ profile: name, file: options.output });
          else printMessage(output.print, `Stored profile "${name}" into ${options.output}`);
        },
      ),
    );

  withChanges(pkiCommand(program, 'ca-profile-add <profile>', 'add a profile'))
    .addHelpText('after', HELP)
    .action(
      signedIn<ChangeOptions, [profile: string]>(async ({ session, output, options }, name) => {
        const body = { displayName: name, ...(await changeOf(options)), name };
        const profile = await session.json<Profile>('POST', PROFILES, { body });
        showOne(output, `Added profile "${name}"`, profile, fieldsOf);
      }),
    );

  withChanges(pkiCommand(program, 'ca-profile-mod <profile>', 'change a profile'))
    .addHelpText('after', HELP)
    .action(signedIn<ChangeOptions, [profile: string]>(modify, checkChange));

  enabling(program, 'ca-profile-enable <profile>', 'let certificates be issued by a profile', true);
  enabling(program, 'ca-profile-disable <profile>', 'issue nothing more by a profile', false);

  pkiCommand(program, 'ca-profile-del <profile>', 'delete a profile; its certificates stay').action(
    signedIn<unknown, [profile: string]>(async ({ session, output }, name) => {
      await session.send('DELETE', pathOf(name));
      if (output.json) output.printJson({ deleted: name });
      else printMessage(output.print, `Deleted profile "${name}"`);
    }),
  );

  pkiCommand(
    program,
    'ca-profile-import <file>',
    'take over the profiles of another installation; those of the same name are replaced',
  )
    .addHelpText('after', IMPORT_HELP)
    .action(
      signedIn<unknown, [file: string]>(async ({ session, output }, file) => {
        const { templates, entries } = await readJsonObject('FILE', file);
        const all = templates ?? entries;
        if (!Array.isArray(all))
          throw new CliError(
            'usage',
            `FILE "${file}": expected what ca-profile-find --json prints`,
          );
        const imported = await session.json<{ templates: Profile[] }>(
          'POST',
          `${PROFILES}/import`,
          {
            body: { templates: all },
          },
        );
        showAll(output, imported.templates, summaryOf);
      }),
    );

  pkiCommand(
    program,
    'ca-profile-policy',
    'show what holds for all profiles, or change it with --set',
  )
    .option('--set <name=value>', 'member of the policy; may be repeated', parseSettings)
    .action(
      signedIn<{ set?: Readonly<Record<string, unknown>> }>(
        async ({ session, output, options }) => {
          const before = await session.json<Readonly<Record<string, unknown>>>('GET', SETTINGS);
          const { set } = options;
          const policy =
            set === undefined
              ? before
              : await session.json<Readonly<Record<string, unknown>>>('PUT', SETTINGS, {
                  body: { ...before, ...set },
                });
          showOne(
            output,
            set === undefined ? 'Policy of all profiles' : 'Modified the policy of all profiles',
            policy,
            policyFields,
          );
        },
      ),
    );
}

function withChanges(command: Command): Command {
  return command
    .option('--input <file>', 'a profile as JSON, or - for stdin', parsePath)
    .option('--display-name <text>', 'name that people see')
    .option('--description <text>', 'what it is for')
    .option('--set <name=value>', 'member of its policy; may be repeated', parseSettings);
}

function enabling(program: Command, name: string, description: string, enabled: boolean): void {
  pkiCommand(program, name, description).action(
    signedIn<unknown, [profile: string]>(async ({ session, output }, profile) => {
      const changed = await session.json<Profile>('PATCH', pathOf(profile), { body: { enabled } });
      if (output.json) output.printJson(changed);
      else
        printEntry(
          output.print,
          `${enabled ? 'Enabled' : 'Disabled'} profile "${profile}"`,
          summaryOf(changed),
        );
    }),
  );
}

function checkChange({ input, displayName, description, set }: ChangeOptions): void {
  if ([input, displayName, description, set].every((value) => value === undefined))
    throw new CliError(
      'usage',
      'expected something to change: --input, --display-name, --description or --set',
    );
}

async function modify(
  { session, output, options }: PkiRun<ChangeOptions>,
  name: string,
): Promise<void> {
  const profile = await session.json<Profile>('PATCH', pathOf(name), {
    body: await changeOf(options),
  });
  showOne(output, `Modified profile "${name}"`, profile, fieldsOf);
}

/** What is to be, of a file and of options: options win. */
async function changeOf(options: ChangeOptions): Promise<Record<string, unknown>> {
  const { input, displayName, description, set } = options;
  const {
    name: _name,
    createdAt: _created,
    updatedAt: _updated,
    policy: given,
    ...rest
  } = input === undefined ? {} : await readJsonObject('--input', input);
  const policy = { ...(given as Record<string, unknown> | undefined), ...set };
  return {
    ...rest,
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(Object.keys(policy).length > 0 && { policy }),
  };
}

function pathOf(name: string): string {
  return `${PROFILES}/${encodeURIComponent(name)}`;
}

function summaryOf(profile: Profile): Field[] {
  return [
    ['Profile ID', profile.name],
    ['Name', profile.displayName],
    ['Description', profile.description],
    ['Enabled', profile.enabled],
  ];
}

function fieldsOf(profile: Profile): Field[] {
  return [
    ...summaryOf(profile),
    ...policyFields(profile.policy),
    ['Created', profile.createdAt],
    ['Changed', profile.updatedAt],
  ];
}

/** A policy under the names that `--set` takes. */
function policyFields(policy: Readonly<Record<string, unknown>>): Field[] {
  return Object.entries(policy).map(([name, value]): Field => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return [name, value];
    return [name, JSON.stringify(value)];
  });
}
