import type { Command } from 'commander';
import { registerAccessReviews } from './access-review.ts';
import { registerAcls } from './acl.ts';
import { registerApplications } from './application.ts';
import { registerAuditConfig } from './audit-config.ts';
import { registerAuditEvents } from './audit-event.ts';
import { registerCaAuditFiles } from './ca-audit-file.ts';
import { registerCaAudit } from './ca-audit.ts';
import { registerCaGroups } from './ca-group.ts';
import { registerCaUserCerts } from './ca-user-cert.ts';
import { registerCaUserFind } from './ca-user-find.ts';
import { registerCaUserMemberships } from './ca-user-membership.ts';
import { registerCaUsers } from './ca-user.ts';
import { registerClaims } from './claim.ts';
import { registerClientCerts } from './client-cert.ts';
import { registerPermissions } from './permission.ts';
import { registerTokens } from './token.ts';

/** The commands in the manner of Dogtag's `pki`, group by group as the help shows them. */
export function registerPkiCommands(program: Command): void {
  program.commandsGroup('Client certificates, in the local store:');
  registerClientCerts(program);

  program.commandsGroup('Users and roles, at a server with -n:');
  registerCaUserFind(program);
  registerCaUsers(program);
  registerCaUserMemberships(program);
  registerCaUserCerts(program);
  registerCaGroups(program);
  registerClaims(program);
  registerPermissions(program);

  program.commandsGroup('Access rules and reviews, at a server with -n:');
  registerAcls(program);
  registerAccessReviews(program);

  program.commandsGroup('Programs that sign in, at a server with -n:');
  registerApplications(program);
  registerTokens(program);

  program.commandsGroup('Audit configuration and signed audit files, at a server with -n:');
  registerCaAudit(program);
  registerCaAuditFiles(program);
  registerAuditConfig(program);
  registerAuditEvents(program);
  program.commandsGroup('Commands:');
}
