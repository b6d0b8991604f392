import type { Command } from 'commander';
import { CliError } from '../../errors.ts';
import { readInput, writeNew } from '../../files.ts';
import { parsePath } from '../../options.ts';
import type { AccessRule } from '../../pki/api-types.ts';
import { pkiCommand, signedIn, type PkiRun } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';

const RULES = '/api/v1/security/access-rules';

const MODIFY_HELP = `
A line is one of Dogtag's resourceACLS: resource:rights:entries:description.

  countersign -n caadmin acl-mod certServer.log.configuration \\
    --line 'certServer.log.configuration:read,modify:allow (read) group="Auditors";allow (read,modify) group="Administrators":who configures logs'
  countersign -n caadmin acl-export --output rules.ldif
  countersign -n caadmin acl-import rules.ldif --dry-run`;

interface ImportResult {
  readonly changes: readonly {
    readonly resource: string;
    readonly before: string | null;
    readonly after: string;
  }[];
  /** Rules that are in force already. */
  readonly unchanged: number;
}

interface ExportOptions {
  readonly output?: string;
  readonly force?: true;
}

/** The commands on access rules, Dogtag's `resourceACLS`. */
export function registerAcls(program: Command): void {
  pkiCommand(program, 'acl-find [filter]', 'find access rules, by a part of the line').action(
    signedIn<unknown, [filter?: string]>(async ({ session, output }, filter = '') => {
      const { rules } = await session.json<{ rules: AccessRule[] }>('GET', RULES);
      const wanted = filter.toLowerCase();
      const found = rules.filter(({ line }) => line.toLowerCase().includes(wanted));
      if (output.json) output.printJson({ total: found.length, entries: found });
      else printEntries(output, found.map(fieldsOf));
    }),
  );

  pkiCommand(program, 'acl-show <resource>', 'show the access rule of a resource').action(
    signedIn<unknown, [resource: string]>(async ({ session, output }, resource) => {
      const { rules } = await session.json<{ rules: AccessRule[] }>('GET', RULES);
      const rule = rules.find((candidate) => candidate.resource === resource);
      if (rule === undefined)
        throw new CliError(
          'usage',
          `resource "${resource}" has no access rule of its own; \`acl-find\` lists them`,
        );
      if (output.json) output.printJson(rule);
      else {
        printEntry(output.print, `ACL "${resource}"`, fieldsOf(rule));
        output.print('');
        output.print(rule.line);
      }
    }),
  );

  pkiCommand(program, 'acl-mod <resource>', 'replace the access rule of a resource')
    .requiredOption('--line <line>', 'the rule, as a line of resourceACLS')
    .addHelpText('after', MODIFY_HELP)
    .action(
      signedIn<{ line: string }, [resource: string]>(
        async ({ session, output, options }, resource) => {
          const body = { line: options.line };
          const rule = await session.json<AccessRule>('PUT', pathOf(resource), { body });
          if (output.json) output.printJson(rule);
          else printEntry(output.print, `Modified ACL "${resource}"`, fieldsOf(rule));
        },
      ),
    );

  pkiCommand(
    program,
    'acl-reset <resource>',
    'restore the access rule that the product has for a resource',
  ).action(
    signedIn<unknown, [resource: string]>(async ({ session, output }, resource) => {
      const rule = await session.json<AccessRule>('DELETE', pathOf(resource));
      if (output.json) output.printJson(rule);
      else printEntry(output.print, `Reset ACL "${resource}"`, fieldsOf(rule));
    }),
  );

  pkiCommand(program, 'acl-export', 'print all access rules, one line of resourceACLS each')
    .option('--output <file>', 'file to write them to', parsePath)
    .option('--force', 'replace a file that is there')
    .action(signedIn<ExportOptions>(exportRules));

  pkiCommand(program, 'acl-import <file>', 'take access rules from lines of resourceACLS')
    .option('--dry-run', 'say what would change, and change nothing')
    .addHelpText('after', MODIFY_HELP)
    .action(signedIn<{ dryRun?: true }, [file: string]>(importRules));
}

async function exportRules({ session, output, options }: PkiRun<ExportOptions>): Promise<void> {
  const { body } = await session.send('GET', `${RULES}/export`);
  const text = body.toString();
  if (options.output !== undefined) {
    await writeNew('--output', options.output, text, { force: options.force });
    output.say(`Stored access rules into ${options.output}`);
  } else if (output.json) {
    output.printJson({ lines: text.split('\n').filter((line) => line !== '') });
  } else {
    for (const line of text.split('\n')) if (line !== '') output.print(line);
  }
}

async function importRules(
  { session, output, options }: PkiRun<{ dryRun?: true }>,
  file: string,
): Promise<void> {
  const lines = Buffer.from(await readInput('FILE', file)).toString('utf8');
  const dryRun = options.dryRun === true;
  const body = { lines, dryRun };
  const result = await session.json<ImportResult>('POST', `${RULES}/import`, { body });
  if (output.json) {
    output.printJson(result);
    return;
  }
  const { changes, unchanged } = result;
  printMessage(
    output.print,
    dryRun ? `${changes.length} ACLs would change` : `Modified ${changes.length} ACLs`,
  );
  for (const { resource, before, after } of changes) {
    output.print(`  Resource ID: ${resource}`);
    output.print(`    - ${before ?? '(no rule)'}`);
    output.print(`    + ${after}`);
  }
  output.say(`${unchanged} are the same already`);
}

function pathOf(resource: string): string {
  return `${RULES}/${encodeURIComponent(resource)}`;
}

function fieldsOf(rule: AccessRule): Field[] {
  return [
    ['Resource ID', rule.resource],
    ['Rights', rule.operations.join(', ')],
    [
      'ACIs',
      rule.entries.map(
        ({ type, operations, expression }) => `${type} (${operations.join(',')}) ${expression}`,
      ),
    ],
    ['Description', rule.description],
    ['Changed', rule.changed ? (rule.updatedAt ?? true) : null],
    ['Changed by', rule.changed ? rule.updatedBy : null],
  ];
}
