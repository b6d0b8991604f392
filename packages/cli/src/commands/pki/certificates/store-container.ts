import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import type { StoreContainer } from '../../../pki/certificates/store-types.ts';
import { pkiCommand, signedIn } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';
import { containerId } from './store.ts';

const CONTAINERS = '/api/v1/store-containers';

interface ChangeOptions {
  readonly name?: string;
  readonly description?: string;
}

/** The commands on containers: stores that belong together, and that roles have rights on. */
export function registerStoreContainers(program: Command): void {
  pkiCommand(program, 'store-container-find', 'list the containers of stores').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { containers } = await session.json<{ containers: StoreContainer[] }>(
        'GET',
        CONTAINERS,
      );
      showAll(output, containers, fieldsOf);
    }),
  );

  pkiCommand(program, 'store-container-add <name>', 'add a container')
    .option('--description <text>', 'what it is for')
    .action(
      signedIn<ChangeOptions, [name: string]>(async ({ session, output, options }, name) => {
        const { description = '' } = options;
        const container = await session.json<StoreContainer>('POST', CONTAINERS, {
          body: { name, description },
        });
        showOne(output, `Added container "${name}"`, container, fieldsOf);
      }),
    );

  pkiCommand(program, 'store-container-mod <container>', 'change a container')
    .option('--name <name>', 'give it another name')
    .option('--description <text>', 'what it is for')
    .action(
      signedIn<ChangeOptions, [container: string]>(
        async ({ session, output, options }, text) => {
          const path = `${CONTAINERS}/${await containerId(session, text)}`;
          const { name, description } = options;
          const container = await session.json<StoreContainer>('PATCH', path, {
            body: { name, description },
          });
          showOne(output, `Modified container "${text}"`, container, fieldsOf);
        },
        ({ name, description }) => {
          if (name === undefined && description === undefined)
            throw new CliError('usage', 'expected something to change: --name or --description');
        },
      ),
    );

  pkiCommand(
    program,
    'store-container-del <container>',
    'delete a container without stores',
  ).action(
    signedIn<unknown, [container: string]>(async ({ session, output }, text) => {
      const id = await containerId(session, text);
      await session.send('DELETE', `${CONTAINERS}/${id}`);
      if (output.json) output.printJson({ deleted: id });
      else printMessage(output.print, `Deleted container "${text}"`);
    }),
  );
}

function fieldsOf(container: StoreContainer): Field[] {
  return [
    ['Container ID', container.id],
    ['Name', container.name],
    ['Description', container.description],
    ['Stores', container.stores],
  ];
}
