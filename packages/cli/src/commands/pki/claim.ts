import { Option, type Command } from 'commander';
import { CliError } from '../../errors.ts';
import type { Claim } from '../../pki/api-types.ts';
import { pkiCommand, signedIn } from '../../pki/command.ts';
import { printEntries, printEntry, printMessage, type Field } from '../../pki/print.ts';

const CLAIMS = '/api/v1/security/claims';
const TYPES = [
  'User',
  'Group',
  'Computer',
  'OAuthOid',
  'OAuthRole',
  'OAuthSubject',
  'OAuthClientId',
] as const;

const ADD_HELP = `
Whoever signs in by the provider with such a claim holds the role.

  countersign -n caadmin claim-add Auditor --provider corp --type OAuthRole --value pki-auditors`;

interface ClaimOptions {
  readonly provider?: string;
  readonly type?: string;
  readonly value?: string;
  readonly description?: string;
}

/** The commands on claims: who holds a role because an identity provider says so. */
export function registerClaims(program: Command): void {
  pkiCommand(program, 'claim-find', 'list the claims that lead to roles')
    .option('--role <role>', 'those of one role')
    .action(
      signedIn<{ role?: string }>(async ({ session, output, options }) => {
        const { claims } = await session.json<{ claims: Claim[] }>('GET', CLAIMS);
        const found = claims.filter(
          ({ role }) => options.role === undefined || role === options.role,
        );
        if (output.json) output.printJson({ total: found.length, entries: found });
        else printEntries(output, found.map(fieldsOf));
      }),
    );
  pkiCommand(program, 'claim-add <role>', 'let a claim lead to a role')
    .requiredOption('--provider <name>', 'identity provider')
    .addOption(typeOption().makeOptionMandatory())
    .requiredOption('--value <value>', 'value of the claim')
    .option('--description <text>', 'what it is for')
    .addHelpText('after', ADD_HELP)
    .action(
      signedIn<ClaimOptions, [role: string]>(async ({ session, output, options }, role) => {
        const body = { role, ...changeOf(options) };
        const claim = await session.json<Claim>('POST', CLAIMS, { body });
        if (output.json) output.printJson(claim);
        else printEntry(output.print, `Added claim "${claim.id}"`, fieldsOf(claim));
      }),
    );
  pkiCommand(program, 'claim-mod <id>', 'change a claim')
    .option('--provider <name>', 'identity provider')
    .addOption(typeOption())
    .option('--value <value>', 'value of the claim')
    .option('--description <text>', 'what it is for')
    .action(
      signedIn<ClaimOptions, [id: string]>(async ({ session, output, options }, id) => {
        const body = changeOf(options);
        const claim = await session.json<Claim>('PATCH', pathOf(id), { body });
        if (output.json) output.printJson(claim);
        else printEntry(output.print, `Modified claim "${id}"`, fieldsOf(claim));
      }, changeOf),
    );
  pkiCommand(program, 'claim-del <id>', 'delete a claim').action(
    signedIn<unknown, [id: string]>(async ({ session, output }, id) => {
      await session.send('DELETE', pathOf(id));
      if (output.json) output.printJson({ deleted: id });
      else printMessage(output.print, `Deleted claim "${id}"`);
    }),
  );
}

function typeOption(): Option {
  return new Option('--type <type>', 'type of the claim').choices(TYPES);
}

function changeOf({ provider, type, value, description }: ClaimOptions): ClaimOptions {
  const change = {
    ...(provider !== undefined && { provider }),
    ...(type !== undefined && { type }),
    ...(value !== undefined && { value }),
    ...(description !== undefined && { description }),
  };
  if (Object.keys(change).length > 0) return change;
  throw new CliError(
    'usage',
    'expected something to change: --provider, --type, --value or --description',
  );
}

function pathOf(id: string): string {
  return `${CLAIMS}/${encodeURIComponent(id)}`;
}

function fieldsOf({ id, role, provider, type, value, description }: Claim): Field[] {
  return [
    ['Claim ID', id],
    ['Group', role],
    ['Identity provider', provider],
    ['Type', type],
    ['Value', value],
    ['Description', description],
  ];
}
