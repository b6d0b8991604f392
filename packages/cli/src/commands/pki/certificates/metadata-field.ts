import type { Command } from 'commander';
import { Option } from 'commander';
import { CliError } from '../../../errors.ts';
import { repeated } from '../../../options.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import { pkiCommand, signedIn } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';

const FIELDS = '/api/v1/metadata-fields';

const HELP = `
  countersign -n caadmin metadata-field-add Owner --type email --enrollment required --hint 'who answers for it'
  countersign -n caadmin metadata-field-add Tier --type choice --option gold --option silver --default silver
  countersign -n caadmin metadata-field-add Ticket --type string --validation '^OPS-[0-9]+$' --message 'OPS and a number'`;

const TYPES = ['string', 'integer', 'date', 'boolean', 'choice', 'text', 'email'];

interface MetadataField {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly hint: string;
  readonly validation: string | null;
  readonly message: string | null;
  readonly options: readonly string[];
  readonly defaultValue: string | null;
  readonly enrollment: string;
  readonly inUse: number;
}

interface ChangeOptions {
  readonly type?: string;
  readonly description?: string;
  readonly hint?: string;
  readonly validation?: string;
  readonly message?: string;
  readonly option?: readonly string[];
  readonly default?: string;
  readonly enrollment?: string;
}

/** The commands on the fields that are kept beside certificates. */
export function registerMetadataFields(program: Command): void {
  pkiCommand(program, 'metadata-field-find', 'list the metadata fields').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { metadataFields } = await session.json<{ metadataFields: MetadataField[] }>(
        'GET',
        FIELDS,
      );
      showAll(output, metadataFields, fieldsOf);
    }),
  );

  withOptions(pkiCommand(program, 'metadata-field-add <name>', 'add a metadata field'))
    .addHelpText('after', HELP)
    .action(
      signedIn<ChangeOptions, [name: string]>(async ({ session, output, options }, name) => {
        const field = await session.json<MetadataField>('POST', FIELDS, {
          body: { type: 'string', ...changeOf(options), name },
        });
        showOne(output, `Added metadata field "${name}"`, field, fieldsOf);
      }),
    );

  withOptions(pkiCommand(program, 'metadata-field-mod <name>', 'change a metadata field')).action(
    signedIn<ChangeOptions, [name: string]>(
      async ({ session, output, options }, name) => {
        const field = await session.json<MetadataField>('PATCH', pathOf(name), {
          body: changeOf(options),
        });
        showOne(output, `Modified metadata field "${name}"`, field, fieldsOf);
      },
      (options) => {
        if (Object.keys(changeOf(options)).length === 0)
          throw new CliError('usage', 'expected something to change, got no option');
      },
    ),
  );

  pkiCommand(program, 'metadata-field-del <name>', 'delete a metadata field')
    .option('--force', 'with its values, where certificates have some')
    .action(
      signedIn<{ force?: true }, [name: string]>(async ({ session, output, options }, name) => {
        await session.send('DELETE', pathOf(name), {
          query: { force: String(options.force ?? false) },
        });
        if (output.json) output.printJson({ deleted: name });
        else printMessage(output.print, `Deleted metadata field "${name}"`);
      }),
    );
}

function withOptions(command: Command): Command {
  return command
    .addOption(new Option('--type <type>', 'of its values').choices(TYPES))
    .option('--description <text>', 'what it is for')
    .option('--hint <text>', 'shown beside the field')
    .option('--validation <regex>', "values must match it; '' for none")
    .option('--message <text>', 'said of a value that does not')
    .option('--option <value>', 'all values of a choice; to be repeated', repeated)
    .option('--default <value>', "value unless another is given; '' for none")
    .addOption(
      new Option('--enrollment <kind>', 'whether enrollments have it').choices([
        'optional',
        'required',
        'hidden',
      ]),
    );
}

function changeOf(options: ChangeOptions): Record<string, unknown> {
  const { type, description, hint, validation, message, option, enrollment } = options;
  const value = options.default;
  return {
    ...(type !== undefined && { type }),
    ...(description !== undefined && { description }),
    ...(hint !== undefined && { hint }),
    ...(validation !== undefined && { validation: validation === '' ? null : validation }),
    ...(message !== undefined && { message: message === '' ? null : message }),
    ...(option !== undefined && { options: option }),
    ...(value !== undefined && { defaultValue: value === '' ? null : value }),
    ...(enrollment !== undefined && { enrollment }),
  };
}

function pathOf(name: string): string {
  return `${FIELDS}/${encodeURIComponent(name)}`;
}

function fieldsOf(field: MetadataField): Field[] {
  return [
    ['Name', field.name],
    ['Description', field.description],
    ['Type', field.type],
    ['Hint', field.hint],
    ['Validation', field.validation],
    ['Message', field.message],
    ['Options', field.options],
    ['Default', field.defaultValue],
    ['At Enrollment', field.enrollment],
    ['Certificates', field.inUse],
  ];
}
