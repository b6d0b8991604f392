import { Option, type Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import type { StoreType } from '../../../pki/certificates/store-types.ts';
import { pkiCommand, signedIn } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';

const TYPES = '/api/v1/store-types';
const KINDS = ['pem-file', 'pem-folder', 'pkcs12-file'];

const HELP = `
  countersign -n operator store-type-add Nginx --kind pem-folder --file-pattern '*.crt' --separate-keys`;

interface ChangeOptions {
  readonly name?: string;
  readonly kind?: string;
  readonly description?: string;
  readonly filePattern?: string;
  readonly separateKeys?: boolean;
  readonly entryPassword?: string;
}

/** The commands on types of stores: what stores of a type are like unless they say otherwise. */
export function registerStoreTypes(program: Command): void {
  pkiCommand(program, 'store-type-find', 'list the types of stores').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { types } = await session.json<{ types: StoreType[] }>('GET', TYPES);
      showAll(output, types, fieldsOf);
    }),
  );

  withOptions(
    pkiCommand(program, 'store-type-add <name>', 'add a type of stores').addOption(
      new Option('--kind <kind>', 'what they are').choices(KINDS).makeOptionMandatory(),
    ),
  )
    .addHelpText('after', HELP)
    .action(
      signedIn<ChangeOptions, [name: string]>(async ({ session, output, options }, name) => {
        const type = await session.json<StoreType>('POST', TYPES, {
          body: { filePattern: '*', ...changeOf(options), name, kind: options.kind },
        });
        showOne(output, `Added store type "${name}"`, type, fieldsOf);
      }),
    );

  withOptions(
    pkiCommand(program, 'store-type-mod <type>', 'change a type of stores').option(
      '--name <name>',
      'give it another name',
    ),
  ).action(
    signedIn<ChangeOptions, [type: string]>(
      async ({ session, output, options }, name) => {
        const type = await session.json<StoreType>('PATCH', pathOf(name), {
          body: changeOf(options),
        });
        showOne(output, `Modified store type "${name}"`, type, fieldsOf);
      },
      (options) => {
        if (Object.keys(changeOf(options)).length === 0)
          throw new CliError('usage', 'expected something to change, got no option');
      },
    ),
  );

  pkiCommand(program, 'store-type-del <type>', 'delete a type that has no stores').action(
    signedIn<unknown, [type: string]>(async ({ session, output }, name) => {
      await session.send('DELETE', pathOf(name));
      if (output.json) output.printJson({ deleted: name });
      else printMessage(output.print, `Deleted store type "${name}"`);
    }),
  );
}

function withOptions(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--file-pattern <pattern>', "files that belong to a store: '*.pem,*.crt'")
    .option('--separate-keys', 'private keys are in files of their own')
    .option('--no-separate-keys', 'they are beside the certificates')
    .addOption(
      new Option('--entry-password <kind>', 'whether private keys in PEM are encrypted').choices([
        'none',
        'optional',
        'required',
      ]),
    );
}

function changeOf(options: ChangeOptions): Record<string, unknown> {
  const { name, description, filePattern, separateKeys, entryPassword } = options;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(filePattern !== undefined && { filePattern }),
    ...(separateKeys !== undefined && { separateKeys }),
    ...(entryPassword !== undefined && { entryPassword }),
  };
}

function pathOf(name: string): string {
  return `${TYPES}/${encodeURIComponent(name)}`;
}

function fieldsOf(type: StoreType): Field[] {
  return [
    ['Type', type.name],
    ['Kind', type.kind],
    ['Description', type.description],
    ['Built-in', type.builtIn ? true : null],
    ['Files', type.filePattern],
    ['Separate Keys', type.separateKeys],
    ['Entry Password', type.entryPassword],
    ['Stores', type.stores],
  ];
}
