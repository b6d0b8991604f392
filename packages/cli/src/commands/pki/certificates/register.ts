import type { Command } from 'commander';
import { registerCaProfiles } from './ca-profile.ts';
import { registerSettings } from './setting.ts';

/** The commands of certificate management, group by group as the help shows them. */
export function registerCertificateCommands(program: Command): void {
  program.commandsGroup('Profiles and settings, at a server with -n:');
  registerCaProfiles(program);
  registerSettings(program);
}
