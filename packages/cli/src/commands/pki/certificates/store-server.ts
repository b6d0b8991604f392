import type { Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { readInput } from '../../../files.ts';
import { parsePath, wholeNumber } from '../../../options.ts';
import { readPasswordFile } from '../../../password.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import type { StoreServer } from '../../../pki/certificates/store-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';

const SERVERS = '/api/v1/store-servers';

const HELP = `
The server believes the machine by its host key alone: what store-server-host-key prints has to be compared with what
\`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\` prints on the machine itself.

  countersign -n operator store-server-host-key web.example.com
  countersign -n operator store-server-set web.example.com --user deploy --key-file deploy_ed25519 --host-key SHA256:…`;

interface SetOptions {
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
  readonly passwordFile?: string;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
}

/** The commands on how other machines are reached over SFTP. */
export function registerStoreServers(program: Command): void {
  pkiCommand(program, 'store-server-find', 'list the machines that are reached over SFTP').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { servers } = await session.json<{ servers: StoreServer[] }>('GET', SERVERS);
      showAll(output, servers, fieldsOf);
    }),
  );

  pkiCommand(program, 'store-server-set <machine>', 'say how a machine is reached')
    .requiredOption('--user <name>', 'account there')
    .requiredOption('--host-key <fingerprint>', "the machine's own key, as SHA256:…")
    .option('--port <n>', 'where it listens', wholeNumber(1, 65_535), 22)
    .option('--password-file <file>', 'its first line is the password of the account', parsePath)
    .option('--key-file <file>', 'private key of OpenSSH or PEM', parsePath)
    .option('--passphrase-file <file>', 'its first line is the passphrase of that key', parsePath)
    .addHelpText('after', HELP)
    .action(signedIn<SetOptions, [machine: string]>(set, check));

  pkiCommand(program, 'store-server-host-key <machine>', 'print the key that a machine shows')
    .option('--port <n>', 'where it listens', wholeNumber(1, 65_535), 22)
    .action(
      signedIn<{ port: number }, [machine: string]>(
        async ({ session, output, options }, clientMachine) => {
          const shown = await session.json<{ hostKey: string }>('POST', `${SERVERS}/host-key`, {
            body: { clientMachine, port: options.port },
          });
          if (output.json) output.printJson(shown);
          else output.print(shown.hostKey);
        },
      ),
    );

  pkiCommand(program, 'store-server-del <machine>', 'forget how a machine is reached').action(
    signedIn<unknown, [machine: string]>(async ({ session, output }, machine) => {
      await session.send('DELETE', pathOf(machine));
      if (output.json) output.printJson({ deleted: machine });
      else printMessage(output.print, `Deleted credentials of "${machine}"`);
    }),
  );
}

function check({ passwordFile, keyFile, passphraseFile }: SetOptions): void {
  if ((passwordFile === undefined) === (keyFile === undefined))
    throw new CliError('usage', 'expected either --password-file or --key-file');
  if (passphraseFile !== undefined && keyFile === undefined)
    throw new CliError('usage', '--passphrase-file goes with --key-file');
}

async function set(
  { session, output, options }: PkiRun<SetOptions>,
  machine: string,
): Promise<void> {
  const { port, user: username, hostKey } = options;
  const server = await session.json<StoreServer>('PUT', pathOf(machine), {
    body: { port, username, hostKey, ...(await secretOf(options)) },
  });
  showOne(output, `Set credentials of "${machine}"`, server, fieldsOf);
}

async function secretOf({ passwordFile, keyFile, passphraseFile }: SetOptions): Promise<object> {
  if (passwordFile !== undefined) return { password: await readPasswordFile(passwordFile) };
  const key = await readInput('--key-file', keyFile ?? '');
  return {
    privateKey: Buffer.from(key).toString('utf8'),
    ...(passphraseFile !== undefined && { passphrase: await readPasswordFile(passphraseFile) }),
  };
}

function pathOf(machine: string): string {
  return `${SERVERS}/${encodeURIComponent(machine)}`;
}

function fieldsOf(server: StoreServer): Field[] {
  return [
    ['Machine', server.clientMachine],
    ['Port', server.port],
    ['User', server.username],
    ['Authentication', server.authentication],
    ['Host Key', server.hostKey],
    ['Changed', server.updatedAt],
  ];
}
