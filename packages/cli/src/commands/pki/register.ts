import type { Command } from 'commander';
import { registerCaUserFind } from './ca-user-find.ts';
import { registerClientCerts } from './client-cert.ts';

/** The commands in the manner of Dogtag's `pki`, group by group as the help shows them. */
export function registerPkiCommands(program: Command): void {
  program.commandsGroup('Client certificates (local store):');
  registerClientCerts(program);
  program.commandsGroup('Users and groups (at a server, with -n):');
  registerCaUserFind(program);
  program.commandsGroup('Commands:');
}
