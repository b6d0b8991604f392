import { Argument, Option, type Command } from 'commander';
import { CliError } from '../../../errors.ts';
import { parsePath, wholeNumber } from '../../../options.ts';
import { refuseExisting, writeResult } from '../../../pki/certificates/files.ts';
import { showAll, showOne } from '../../../pki/certificates/print.ts';
import type { Authority, RevocationList } from '../../../pki/certificates/types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../../pki/command.ts';
import { printMessage, type Field } from '../../../pki/print.ts';

const AUTHORITIES = '/api/v1/authorities';

const CREATE_HELP = `
Without --parent it is a root. The key is made by the server and kept encrypted, or is that of a PKCS#11 token.

  countersign -n caadmin ca-authority-create 'Example Root' --subject 'CN=Example Root,O=Example,C=DE' --days 7300
  countersign -n caadmin ca-authority-create 'Example TLS' --subject 'CN=Example TLS,O=Example,C=DE' --parent 'Example Root' --path-length 0
  countersign -n caadmin ca-authority-create HSM --subject CN=HSM --token-module /usr/lib/softhsm/libsofthsm2.so \\
      --token-slot pki --token-key signing`;

interface SettingOptions {
  readonly crlHours?: number;
  readonly crlOverlapHours?: number;
  readonly deltaMinutes?: number;
  readonly ocspMinutes?: number;
}

interface CreateOptions extends SettingOptions {
  readonly subject: string;
  readonly parent?: string;
  readonly keyAlgorithm?: string;
  readonly days: number;
  readonly pathLength?: number;
  readonly tokenModule?: string;
  readonly tokenSlot?: string;
  readonly tokenKey?: string;
}

/** The commands on certificate authorities; `ca-authority-crl` is beside. */
export function registerCaAuthorities(program: Command): void {
  pkiCommand(program, 'ca-authority-find', 'list the certificate authorities').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { authorities } = await session.json<{ authorities: Authority[] }>('GET', AUTHORITIES);
      showAll(output, authorities, summaryOf);
    }),
  );

  one(program, 'ca-authority-show', 'show a certificate authority')
    .option('--output <file>', 'file to write its certificate into, in PEM', parsePath)
    .action(
      signedIn<{ output?: string }, [authority: string]>(
        async ({ session, output, options }, name) => {
          const { output: path } = options;
          if (path !== undefined) await refuseExisting('--output', path);
          const authority = await session.json<Authority>('GET', pathOf(name));
          if (path === undefined) {
            showOne(output, `Authority "${name}"`, authority, fieldsOf);
            return;
          }
          const pem = Buffer.from(authority.pem);
          await writeResult(output, path, pem, { binary: false, force: false });
          if (output.json) output.printJson({ authority: authority.id, file: path });
          else printMessage(output.print, `Stored certificate of "${name}" into ${path}`);
        },
      ),
    );

  withSettings(
    pkiCommand(
      program,
      'ca-authority-create <name>',
      'create a root, or an authority below another',
    )
      .requiredOption('--subject <dn>', 'subject: CN=Example Issuing CA,O=Example,C=DE')
      .option('--parent <authority>', 'authority above it (default: none, it is a root)')
      .option('--key-algorithm <name>', 'RSA-4096, P-384, Ed25519 …')
      .option('--days <n>', 'so long it is valid', wholeNumber(1, 36_525), 3_650)
      .option('--path-length <n>', 'authorities that may stand below', wholeNumber(0, 10))
      .option('--token-module <file>', 'library of a PKCS#11 token that holds the key')
      .option('--token-slot <label>', 'label of the token')
      .option('--token-key <label>', 'label of the key pair'),
  )
    .addHelpText('after', CREATE_HELP)
    .action(signedIn<CreateOptions, [name: string]>(create, (options) => void tokenOf(options)));

  withSettings(
    one(program, 'ca-authority-mod', 'rename an authority, or change how it publishes').option(
      '--name <name>',
      'give it another name',
    ),
  ).action(
    signedIn<SettingOptions & { name?: string }, [authority: string]>(
      async ({ session, output, options }, name) => {
        const authority = await session.json<Authority>('PATCH', pathOf(name), {
          body: changeOf(options),
        });
        showOne(output, `Modified authority "${name}"`, authority, fieldsOf);
      },
      (options) => void changeOf(options),
    ),
  );

  enabling(program, 'ca-authority-enable', 'let an authority issue certificates', true);
  enabling(program, 'ca-authority-disable', 'let an authority issue nothing more', false);

  one(
    program,
    'ca-authority-del',
    'delete an authority that has issued nothing, and its key',
  ).action(
    signedIn<unknown, [authority: string]>(async ({ session, output }, name) => {
      await session.send('DELETE', pathOf(name));
      if (output.json) output.printJson({ deleted: name });
      else printMessage(output.print, `Deleted authority "${name}"`);
    }),
  );
}

/** A command on one authority. */
export function one(program: Command, name: string, description: string): Command {
  return pkiCommand(program, name, description).addArgument(
    new Argument('<authority>', 'its name or ID'),
  );
}

function withSettings(command: Command): Command {
  return command
    .addOption(
      new Option('--crl-hours <n>', 'a full list at the latest after so many hours').argParser(
        wholeNumber(1, 8_760),
      ),
    )
    .option('--crl-overlap-hours <n>', 'a list is good for so much longer', wholeNumber(0, 8_760))
    .option(
      '--delta-minutes <n>',
      'a delta list is good for so long; 0: none',
      wholeNumber(0, 43_200),
    )
    .option('--ocsp-minutes <n>', 'an OCSP response is good for so long', wholeNumber(1, 43_200));
}

function settingsOf(options: SettingOptions): SettingOptions {
  const { crlHours, crlOverlapHours, deltaMinutes, ocspMinutes } = options;
  return {
    ...(crlHours !== undefined && { crlHours }),
    ...(crlOverlapHours !== undefined && { crlOverlapHours }),
    ...(deltaMinutes !== undefined && { deltaMinutes }),
    ...(ocspMinutes !== undefined && { ocspMinutes }),
  };
}

/** @throws CliError `usage` */
function changeOf({ name, ...options }: SettingOptions & { name?: string }): object {
  const settings = settingsOf(options);
  const change = {
    ...(name !== undefined && { name }),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(
    'usage',
    'expected something to change: --name, --crl-hours, --crl-overlap-hours, --delta-minutes or --ocsp-minutes',
  );
}

/** @throws CliError `usage` */
function tokenOf({ tokenModule, tokenSlot, tokenKey }: CreateOptions) {
  const given = [tokenModule, tokenSlot, tokenKey].filter((part) => part !== undefined);
  if (given.length === 0) return undefined;
  if (given.length < 3)
    throw new CliError('usage', '--token-module, --token-slot and --token-key go together');
  return { module: tokenModule, slot: tokenSlot, key: tokenKey };
}

async function create(
  { session, output, options }: PkiRun<CreateOptions>,
  name: string,
): Promise<void> {
  const { subject, parent = null, days, pathLength } = options;
  const token = tokenOf(options);
  const keyAlgorithm = options.keyAlgorithm ?? (token === undefined ? 'P-384' : undefined);
  const authority = await session.json<Authority>('POST', AUTHORITIES, {
    body: {
      name,
      subject,
      keyAlgorithm,
      parent,
      days,
      pathLength,
      settings: settingsOf(options),
      token,
    },
  });
  showOne(output, `Created authority "${name}"`, authority, fieldsOf);
}

function enabling(program: Command, name: string, description: string, enabled: boolean): void {
  one(program, name, description).action(
    signedIn<unknown, [authority: string]>(async ({ session, output }, authority) => {
      const changed = await session.json<Authority>('PATCH', pathOf(authority), {
        body: { enabled },
      });
      const message = `${enabled ? 'Enabled' : 'Disabled'} authority "${authority}"`;
      showOne(output, message, changed, summaryOf);
    }),
  );
}

/** The path of an authority, by its name or id. */
export function pathOf(name: string): string {
  return `${AUTHORITIES}/${encodeURIComponent(name)}`;
}

function summaryOf(authority: Authority): Field[] {
  return [
    ['Authority ID', authority.id],
    ['Name', authority.name],
    ['Authority DN', authority.subject],
    ['Parent', authority.parent?.name],
    ['Key Algorithm', authority.keyAlgorithm],
    ['Not Valid After', authority.certificate.notAfter],
    ['Enabled', authority.enabled],
  ];
}

function fieldsOf(authority: Authority): Field[] {
  const { token, certificate, lists } = authority;
  return [
    ...summaryOf(authority),
    ['Issuer DN', certificate.issuer],
    ['Serial Number', `0x${certificate.serial}`],
    ['Not Valid Before', certificate.notBefore],
    ['Path Length', certificate.pathLength],
    ['SHA-256', certificate.fingerprint],
    ['Token', token === null ? null : `${token.slot}: ${token.key} (${token.module})`],
    ['Settings', Object.entries(authority.settings).map(([name, value]) => `${name}=${value}`)],
    ['Published', Object.values(authority.urls ?? {})],
    ['Full List', listOf(lists.full)],
    ['Delta List', listOf(lists.delta)],
    ['Created', authority.createdAt],
  ];
}

function listOf(list: RevocationList | null): string | null {
  if (list === null) return null;
  const { number, entries, thisUpdate, nextUpdate } = list;
  return `${number}, ${entries} certificate(s), of ${thisUpdate}, next by ${nextUpdate}`;
}
