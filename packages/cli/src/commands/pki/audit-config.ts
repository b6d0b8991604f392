import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { wholeNumber } from '../../options.ts';
import type { AuditConfiguration } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntry, type Field } from '../../pki/print.ts';
import { readConfiguration } from './audit-event.ts';

const NUMBERS = {
  bufferSize: 'bytes to gather before they are written',
  flushInterval: 'seconds until they are written anyway',
  maxFileSize: 'size at which a file is rotated, in KB',
  rolloverInterval: 'seconds after which a file is rotated',
} as const;
type FileOptions = { readonly [name in keyof typeof NUMBERS]?: number };

/** `audit-config-show` and `-mod`: how the signed audit files are written. */
export function registerAuditConfig(program: Command): void {
  pkiCommand(program, 'audit-config-show', 'show how the signed audit files are written').action(
    signedIn<unknown>(async ({ session, output }) => {
      const { files } = await readConfiguration(session);
      if (output.json) output.printJson(files);
      else printEntry(output.print, 'Signed audit files', fieldsOf(files));
    }),
  );
  const modify = pkiCommand(
    program,
    'audit-config-mod',
    'change how the signed audit files are written',
  );
  for (const [name, what] of Object.entries(NUMBERS))
    modify.option(`--${name} <n>`, what, wholeNumber(0, 2 ** 31 - 1));
  modify.action(
    signedIn<FileOptions>(async ({ session, output, options }) => {
      const { files } = await session.json<AuditConfiguration>(
        'PATCH',
        '/api/v1/audit/configuration',
        { body: { files: changeOf(options) } },
      );
      if (output.json) output.printJson(files);
      else printEntry(output.print, 'Modified audit configuration', fieldsOf(files));
    }, changeOf),
  );
}

function changeOf(options: FileOptions): FileOptions {
  const names = Object.keys(NUMBERS) as (keyof FileOptions)[];
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length > 0) return Object.fromEntries(given.map((name) => [name, options[name]]));
  throw new CliError(
    'usage',
    `expected something to change: ${names.map((name) => `--${name}`).join(', ')}`,
  );
}

function fieldsOf(files: AuditConfiguration['files']): Field[] {
  return [
    ['Enabled', files.enabled ? 'True' : 'False'],
    ['Log File', files.current],
    ['Buffer Size (bytes)', files.bufferSize],
    ['Flush Interval (seconds)', files.flushInterval],
    ['Max File Size (KB)', files.maxFileSize],
    ['Rollover Interval (seconds)', files.rolloverInterval],
    ['Event Names', files.eventNames],
    ['Signing Certificate', files.signingCertificate],
  ];
}
