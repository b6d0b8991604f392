import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { exists, writeNew } from '../../files.ts';
import { parsePath } from '../../options.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printMessage } from '../../pki/print.ts';

const FILES = '/ca/v2/audit/files';

const RETRIEVE_HELP = `
A file that is there is never replaced, unless --force says so.

  countersign -n auditor ca-audit-file-find
  countersign -n auditor ca-audit-file-retrieve ca_audit
  countersign dogtag verify --cert audit-signing.crt ca_audit`;

interface AuditFile {
  readonly name: string;
  readonly size: number;
}

interface RetrieveOptions {
  readonly output?: string;
  readonly force?: true;
}

/** The commands on the signed audit files, for auditors. */
export function registerCaAuditFiles(program: Command): void {
  pkiCommand(program, 'ca-audit-file-find', 'list the signed audit files, oldest first').action(
    signedIn<unknown>(async ({ session, output }) => {
      const found = await session.json<{ total: number; entries: AuditFile[] }>('GET', FILES);
      if (output.json) {
        output.printJson(found);
        return;
      }
      printEntries(
        output,
        found.entries.map(({ name, size }) => [
          ['File name', name],
          ['Size', size],
        ]),
        found.total,
      );
    }),
  );
  pkiCommand(program, 'ca-audit-file-retrieve <name>', 'fetch a signed audit file')
    .option('--output <file>', 'where to write it (default: NAME in this folder)', parsePath)
    .option('--force', 'replace a file that is there')
    .addHelpText('after', RETRIEVE_HELP)
    .action(signedIn<RetrieveOptions, [name: string]>(retrieve, checkName));
}

function checkName(_: unknown, name: string): void {
  // Without --output it becomes a name here.
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) return;
  throw new CliError('usage', `NAME: expected one that ca-audit-file-find lists, got "${name}"`);
}

async function retrieve(
  { session, output, options }: PkiRun<RetrieveOptions>,
  name: string,
): Promise<void> {
  const path = options.output ?? name;
  const force = options.force === true;
  if (!force && (await exists(path))) {
    throw new CliError('file_exists', `"${path}" exists already; name another file or --force`);
  }
  const { body } = await session.send('GET', `${FILES}/${encodeURIComponent(name)}`);
  await writeNew('--output', path, body, { force });
  if (output.json) output.printJson({ name, size: body.length, file: path });
  else printMessage(output.say, `Stored audit file "${name}" into ${path}`);
}
